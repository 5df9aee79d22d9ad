import Access
import Contracts
import ServiceKit

extension Recipient {
    /// The inbox of the signed-in person, after the one decision function agreed. 403 for roles without one.
    init(of context: BrightContext) throws {
        let principal = try context.requirePrincipal()
        switch principal.role {
        case .cityRegulator, .countyRegulator, .stationOfficer, .educationOfficer, .hrOfficer:
            guard let organ = principal.organId else { throw Problem.forbidden }
            try context.authorise(.readInbox, on: Resource(organId: organ, supervisingOrganId: organ))
            self = .organ(organ)
        case .principal, .safetyLead, .platformOperator, .caterer:
            guard let school = principal.schoolId else { throw Problem.forbidden }
            try context.authorise(.readInbox, on: Resource(schoolId: school))
            self = .school(school)
        case .parentRepresentative, .auditor, .securityAdmin, .systemAdmin: throw Problem.forbidden
        }
    }
}
