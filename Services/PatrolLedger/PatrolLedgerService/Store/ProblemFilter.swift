import Access
import Contracts
import Postgres

/// Which problems a person may list: the records of the access decision, as a condition on `problem p JOIN canteen c`.
enum ProblemFilter {
    /// nil = nobody's list (the role sees no problems at all).
    static func condition(for principal: Principal, organ: OrganRecord?) -> SQL? {
        guard AccessPolicy().decide(principal, .seeProblem, intent: .read) == .allowed else { return nil }
        switch principal.role {
        case .cityRegulator, .countyRegulator, .stationOfficer:
            return organ?.area
        case .educationOfficer, .hrOfficer:
            guard let organ else { return nil }
            let supervised: SQL = "c.supervising_organ_id = \(organ.organId)"
            guard organ.level == .city else { return supervised }
            // A city bureau also sees those of its department in its counties.
            return """
                (\(supervised) OR c.supervising_department = \(organ.department)
                    AND left(c.division_code, 4) = \(String(organ.divisionCode.prefix(4))))
                """
        case .principal, .safetyLead, .platformOperator, .caterer:
            guard let school = principal.schoolId else { return nil }
            return "p.school_id = \(school) AND p.state <> 'found'"
        case .auditor: return "true"
        default: return nil
        }
    }
}
