import Calendar
import Contracts

/// A fresh invitation, with the secret that is shown once and never stored.
struct Invitation: Sendable {
    /// A week, so that it survives a parents' evening on Friday.
    static let lifetime: Duration = .seconds(7 * 86_400)

    let representativeId: RepresentativeID
    let accountNumber: String
    let token: SecretToken
    let expiresAt: Instant
    /// Nil when an invitation was only renewed.
    let grantId: GrantID?
    /// The invitee's label, for lists; nil when an invitation was only renewed.
    let label: String?
    /// Where the school noted one down: the link may be sent there.
    var mobileNumber: String?
}
