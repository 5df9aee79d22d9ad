import Contracts

extension Role {
    /// Where a person's work begins after signing in.
    public var landingPage: String {
        switch self {
        case .cityRegulator, .countyRegulator, .stationOfficer: "/patrol/"
        case .educationOfficer, .hrOfficer: "/notification/bulletins"
        case .principal, .safetyLead, .platformOperator, .caterer: "/notification/inbox"
        case .auditor: "/registry/audit"
        case .systemAdmin: "/registry/accounts"
        case .securityAdmin: "/registry/roles"
        case .parentRepresentative: "/disclosure/"
        }
    }
}
