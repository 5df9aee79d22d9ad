import Contracts

extension Role {
    /// Regulators, bureaus and the three administrators sign in with two factors (等保 8.1.4.1 d). Staff of schools and
    /// caterers may.
    public var needsSecondFactor: Bool {
        switch self {
        case .cityRegulator, .countyRegulator, .stationOfficer, .educationOfficer, .hrOfficer, .auditor, .securityAdmin,
            .systemAdmin:
            true
        case .principal, .safetyLead, .platformOperator, .caterer, .parentRepresentative: false
        }
    }
}
