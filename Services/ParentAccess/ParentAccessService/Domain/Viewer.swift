import Access
import Contracts

/// Who asks to watch, with everything a decision may depend on.
enum Viewer: Sendable {
    /// A representative with all grants of the account, also past and revoked ones.
    case representative(RepresentativeAccount, grants: [ViewGrant])
    /// A member of staff: the role and, for the call register, the reason.
    case staff(Principal, reason: ViewReason?)
}
