/// Life of a representative's account (art 12): invited → activated → active ⇄ suspended → expired | revoked.
///
/// `activated` is an account that has accepted its invitation and has not logged in yet; the first login makes it
/// active.
enum AccountState: String, Codable, CaseIterable, Sendable {
    case invited, activated, active, suspended, expired, revoked

    /// What may happen to an account.
    enum Step: String, CaseIterable, Sendable {
        case accept, logIn, suspend, resume, expire, revoke, renew
    }

    /// The state after `step`, or nil where that step is not possible.
    func after(_ step: Step) -> AccountState? {
        switch (self, step) {
        case (.invited, .accept): .activated
        // A new invitation to an account in use: a forgotten password.
        case (.activated, .accept), (.active, .accept): self
        // A new term.
        case (.expired, .renew), (.active, .renew): .active
        case (.invited, .renew), (.activated, .renew), (.suspended, .renew): self
        case (.activated, .logIn), (.active, .logIn): .active
        case (.activated, .suspend), (.active, .suspend): .suspended
        case (.suspended, .resume): .active
        case (.invited, .expire), (.activated, .expire), (.active, .expire), (.suspended, .expire): .expired
        case (.invited, .revoke), (.activated, .revoke), (.active, .revoke), (.suspended, .revoke), (.expired, .revoke):
            .revoked
        default: nil
        }
    }

    /// Only these may log in and watch.
    var isUsable: Bool { self == .activated || self == .active }
}
