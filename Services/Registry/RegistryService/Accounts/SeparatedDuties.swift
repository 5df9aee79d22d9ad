import Calendar
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// 三员分立 (等保 8.1.4.2): system, security and audit administrator are three persons, and none of them does business.
struct SeparatedDuties: Sendable {
    let keys: PersonalDataKeys

    /// nil when the person may take the role; else why not. An account never changes into or out of an administrator's
    /// role; and two accounts of one name may not hold two of the three.
    func conflict(
        name: String, person: PersonID?, from former: Role?, to role: Role, on day: LocalDate,
        _ transaction: PostgresTransaction
    ) async throws -> LocalizedText? {
        if let former, former != role, former.isAdministrator || role.isAdministrator { return Self.text }
        guard role.isAdministrator else { return nil }
        let others = try await transaction.query(
            """
            SELECT p.person_id, p.name FROM person_identity p JOIN appointment a USING (person_id)
            WHERE a.role IN ('auditor', 'security_admin', 'system_admin') AND a.role <> \(role)
                AND (a.valid_to IS NULL OR a.valid_to >= \(day)) AND p.person_id IS DISTINCT FROM \(person)
            """
        ) { row -> (person: PersonID, name: SealedText?) in
            (try row["person_id"], SealedText(rawValue: try row["name"]))
        }
        for other in others {
            guard let sealed = other.name else { continue }
            if try PersonName.open(sealed, of: other.person, keys) == name { return Self.text }
        }
        return nil
    }

    static let text = LocalizedText(
        zh: "系统、安全、审计三员须由不同的人担任，且不兼任业务角色。",
        en:
            "System, security and audit administrators are three different persons, none of whom holds a business role."
    )
}
