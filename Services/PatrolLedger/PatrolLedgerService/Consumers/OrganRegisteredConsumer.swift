import Contracts
import Journal
import Postgres

extension Subscription {
    /// Organs, with the mark their ledger numbers carry: 440784, or 440784S01 for a station; given once and kept.
    static let organs = Subscription.on(OrganRegistered.self) { received, transaction in
        let organ = received.event
        let known = try await transaction.first(
            "SELECT ledger_mark FROM organ WHERE organ_id = \(organ.organId) FOR UPDATE"
        ) { try $0["ledger_mark"] as String }
        let mark: String
        if let known {
            mark = known
        } else {
            mark = try await freeMark(for: organ, transaction)
        }
        try await transaction.execute(
            """
            INSERT INTO organ (organ_id, name, department, level, division_code, parent_organ_id, townships, ledger_mark, registered_at)
            VALUES (\(organ.organId), \(organ.name), \(organ.department), \(organ.level), \(organ.divisionCode),
                \(organ.parentOrganId), \(organ.townships), \(mark), \(received.occurredAt))
            ON CONFLICT (organ_id) DO UPDATE SET name = excluded.name, department = excluded.department,
                level = excluded.level, division_code = excluded.division_code,
                parent_organ_id = excluded.parent_organ_id, townships = excluded.townships,
                registered_at = least(organ.registered_at, excluded.registered_at)
            """)
    }

    /// The division for the first market-supervision organ of city or county level; everyone else gets a numbered mark,
    /// S for a station, E and H for bureaus of education and human resources (which keep no ledger).
    private static func freeMark(
        for organ: OrganRegistered, _ transaction: PostgresTransaction
    ) async throws -> String {
        let letter =
            switch organ.department {
            case .marketSupervision: "S"
            case .education: "E"
            case .humanResources: "H"
            }
        let division = organ.divisionCode
        let taken = try await transaction.query(
            "SELECT ledger_mark FROM organ WHERE ledger_mark = \(division) OR starts_with(ledger_mark, \(division + letter))"
        ) { try $0["ledger_mark"] as String }
        if organ.department == .marketSupervision && organ.level != .station && !taken.contains(division) {
            return division
        }
        var number = 1
        while true {
            let mark = division + letter + (number < 10 ? "0" : "") + String(number)
            if !taken.contains(mark) { return mark }
            number += 1
        }
    }
}
