import Access
import Contracts
import Postgres

/// Which proposals a person finds in the list: the SQL form of what `AccessPolicy` says about a single one.
enum ApprovalScope {
    static func condition(_ kinds: [ApprovalKind], _ principal: Principal) -> SQL {
        let parts = kinds.compactMap { kind -> SQL? in
            let reaches = [kind.approving, kind.proposing].compactMap {
                AccessMatrix.current.permission(of: principal.role, for: $0)?.scope
            }.map { reach($0, principal) }
            guard !reaches.isEmpty else { return nil }
            return "(kind = \(kind.name) AND (\(reaches.joined(separator: " OR "))))"
        }
        return parts.isEmpty ? "false" : parts.joined(separator: " OR ")
    }

    private static func reach(_ scope: Scope, _ principal: Principal) -> SQL {
        switch scope {
        case .everything: "true"
        case .city:
            """
            (left(division_code, 4) = left(\(principal.divisionCode)::text, 4)
                OR (division_code IS NULL AND organ_id = \(principal.organId)))
            """
        case .county:
            """
            (division_code = \(principal.divisionCode)
                OR (division_code IS NULL AND organ_id = \(principal.organId)))
            """
        case .station, .ownOrgan: "organ_id = \(principal.organId)"
        case .ownSchool, .ownCaterer, .granted: "school_id = \(principal.schoolId)"
        case .supervised: "false"
        }
    }
}
