import Access
import Contracts
import Postgres

/// Which canteens a person may list for an action: the records of the access decision, as a condition on `canteen c`.
enum CanteenFilter {
    /// nil = nobody's list (the role may not do this at all).
    static func condition(
        for principal: Principal, _ action: Action, intent: Intent = .read, organ: OrganRecord?
    ) -> SQL? {
        guard AccessPolicy().decide(principal, action, intent: intent) == .allowed else { return nil }
        switch principal.role {
        case .cityRegulator, .countyRegulator, .stationOfficer:
            return organ?.area
        case .educationOfficer, .hrOfficer:
            guard let organ else { return nil }
            let supervised: SQL = "c.supervising_organ_id = \(organ.organId)"
            guard organ.level == .city else { return supervised }
            return """
                (\(supervised) OR c.supervising_department = \(organ.department)
                    AND left(c.division_code, 4) = \(String(organ.divisionCode.prefix(4))))
                """
        case .principal, .safetyLead, .platformOperator, .caterer:
            guard let school = principal.schoolId else { return nil }
            return "c.school_id = \(school)"
        case .auditor: return "true"
        default: return nil
        }
    }
}

extension PatrolDesk {
    /// The condition for lists of the caller; 403 for roles that have none.
    func visibleCanteens(_ caller: Caller, _ action: Action, intent: Intent = .read) async throws -> SQL {
        var organ: OrganRecord?
        if let id = caller.principal.organId { organ = try await pool.organ(id) }
        guard
            let condition = CanteenFilter.condition(for: caller.principal, action, intent: intent, organ: organ)
        else { throw Self.roleRefused }
        return condition
    }
}
