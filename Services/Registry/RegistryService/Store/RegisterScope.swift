import Access
import Contracts
import Postgres

/// Which canteens a person finds in lists: the SQL form of what `AccessPolicy` decides about single records.
enum RegisterScope {
    /// A condition on `c` (canteen) and `i` (institution). Whoever has no scope finds nothing.
    static func condition(_ principal: Principal) -> SQL {
        switch principal.role {
        case .cityRegulator: "c.city_organ_id = \(principal.organId)"
        case .countyRegulator: "c.county_organ_id = \(principal.organId)"
        case .stationOfficer: "c.station_organ_id = \(principal.organId)"
        case .educationOfficer, .hrOfficer: bureau(principal)
        case .principal, .safetyLead, .platformOperator: "i.id = \(principal.schoolId)"
        case .caterer:
            """
            (i.id = \(principal.schoolId) OR c.caterer_licence_number IN
                (SELECT s.licence_number FROM canteen s WHERE s.institution_id = \(principal.schoolId)))
            """
        case .auditor: "true"
        case .parentRepresentative, .securityAdmin, .systemAdmin: "false"
        }
    }

    /// A city bureau also sees the schools of its department that its counties' bureaus supervise.
    private static func bureau(_ principal: Principal) -> SQL {
        let supervised: SQL = "c.supervising_organ_id = \(principal.organId)"
        guard principal.organLevel == .city, let code = principal.divisionCode else { return supervised }
        return """
            i.supervising_department = \(principal.department)
                AND (\(supervised) OR left(i.division_code, 4) = \(String(code.prefix(4))))
            """
    }
}
