import Contracts
import PersonalData
import Postgres

/// Full names of persons in items: sealed, apart from the public history, and erasable.
struct ItemPersons: Sendable {
    static let column = SealedColumn("item_person", key: "person_key", column: "name")

    let keys: PersonalDataKeys

    func replace(
        _ names: [String: String], of item: ItemID, version: Int, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute("DELETE FROM item_person WHERE item_id = \(item) AND version = \(version)")
        for (field, name) in names.sorted(by: { $0.key < $1.key }) {
            let key = "\(item.rawValue).\(version).\(field)"
            let sealed = try keys.seal(name, at: Self.place(key))
            try await transaction.execute(
                """
                INSERT INTO item_person (person_key, item_id, version, field, name)
                VALUES (\(key), \(item), \(version), \(field), \(sealed))
                """)
        }
    }

    /// Names of the versions before this one are erased.
    func forget(_ item: ItemID, before version: Int, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM item_person WHERE item_id = \(item) AND version < \(version)")
    }

    /// Full names by field of a version; what was erased is not there.
    func names(
        of item: ItemID, version: Int, _ database: some PostgresExecutor
    ) async throws -> [String: String] {
        let rows = try await database.query(
            "SELECT person_key, field, name FROM item_person WHERE item_id = \(item) AND version = \(version)"
        ) { row -> (key: String, field: String, name: SealedText) in
            (try row["person_key"], try row["field"], try row["name"])
        }
        var names: [String: String] = [:]
        for row in rows { names[row.field] = try keys.open(row.name, at: Self.place(row.key)) }
        return names
    }

    private static func place(_ key: String) -> SealedPlace { SealedPlace("item_person", "name", row: key) }
}
