import Contracts

extension Role {
    /// One of the three separate administrators (三员).
    public var isAdministrator: Bool {
        switch self {
        case .auditor, .securityAdmin, .systemAdmin: true
        default: false
        }
    }
}
