/// Somebody to be invited, as the school or the organ names them.
struct Invitee: Hashable, Sendable {
    let label: String
    /// When given, the activation code goes to this number and to no other.
    let mobileNumber: String?
}
