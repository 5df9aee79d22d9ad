import Access
import Contracts
import Postgres

/// Which rows of the projections a person sees: the same rule as `RegisterScope`, on columns of one table.
enum AccessScope {
    /// A condition on the table `t` with organ columns (`canteen_access` or the tallies).
    static func organs(_ principal: Principal) -> SQL {
        switch principal.role {
        case .cityRegulator: "t.city_organ_id = \(principal.organId)"
        case .countyRegulator: "t.county_organ_id = \(principal.organId)"
        case .stationOfficer: "t.station_organ_id = \(principal.organId)"
        case .educationOfficer, .hrOfficer: bureau(principal)
        case .auditor: "true"
        case .principal, .safetyLead, .platformOperator, .caterer, .parentRepresentative, .securityAdmin, .systemAdmin:
            "false"
        }
    }

    /// A condition on `canteen_access t`, for schools, too.
    static func canteens(_ principal: Principal) -> SQL {
        switch principal.role {
        case .principal, .safetyLead, .platformOperator, .caterer: "t.school_id = \(principal.schoolId)"
        default: organs(principal)
        }
    }

    private static func bureau(_ principal: Principal) -> SQL {
        let supervised: SQL = "t.supervising_organ_id = \(principal.organId)"
        guard principal.organLevel == .city, let code = principal.divisionCode else { return supervised }
        return """
            t.supervising_department = \(principal.department)
                AND (\(supervised) OR left(t.division_code, 4) = \(String(code.prefix(4))))
            """
    }
}
