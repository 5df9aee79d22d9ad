import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What a list of feedback is asked for: `status`, `updated_since` (both wishes of Open311's users).
struct FeedbackFilter: Sendable {
    var state: FeedbackState?
    var updatedSince: Instant?

    init(_ request: Request) throws {
        if let text = try request.query("status") {
            guard let value = FeedbackState(rawValue: text) else {
                throw Problem.invalid(
                    "status", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                    allowed: FeedbackState.allCases.map(\.rawValue).joined(separator: ", "))
            }
            state = value
        }
        if let text = try request.query("updated_since") {
            guard let value = Instant(rfc3339: text) else {
                throw Problem.invalid(
                    "updated_since", code: "not_a_time", zh: "时间格式不正确。", en: "This is not a time.",
                    allowed: "RFC 3339, e.g. 2026-11-23T09:00:00+08:00")
            }
            updatedSince = value
        }
    }

    var condition: SQL {
        var condition: SQL = "true"
        if let state { condition += " AND f.state = \(state)" }
        if let updatedSince { condition += " AND f.updated_at >= \(updatedSince)" }
        return condition
    }

    /// Canteens that a moderator's list reaches: the SQL form of what the access policy says about one record.
    static func area(of principal: Principal) -> SQL {
        guard let scope = AccessMatrix.current.permission(of: principal.role, for: .moderateFeedback)?.scope else {
            return "false"
        }
        switch scope {
        case .city: return "left(c.division_code, 4) = left(\(principal.divisionCode)::text, 4)"
        case .county: return "c.division_code = \(principal.divisionCode)"
        case .station: return "c.station_organ_id = \(principal.organId)"
        case .supervised:
            return """
                (c.supervising_organ_id = \(principal.organId)
                    OR (\(principal.organLevel) = 'city' AND c.supervising_department = \(principal.department)
                        AND left(c.division_code, 4) = left(\(principal.divisionCode)::text, 4)))
                """
        default: return "false"
        }
    }
}
