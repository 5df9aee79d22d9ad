import Foundation
import PersonalData
import Postgres
import TestSupport
import Testing

struct ResealingTests {
    private static let columns = [
        SealedColumn("person", key: "id", column: "name"),
        SealedColumn("person", key: "id", column: "phone", lookup: .init(column: "phone_hash", domain: "phone")),
    ]

    private struct Stored: Sendable {
        let id: String
        let name: SealedText?
        let phone: SealedText?
        let hash: [UInt8]?
    }

    private func rows(_ pool: PostgresPool) async throws -> [Stored] {
        try await pool.query("SELECT * FROM person ORDER BY id") { row in
            Stored(
                id: try row["id"], name: try row["name"], phone: try row["phone"], hash: try row["phone_hash"])
        }
    }

    /// 1,201 rows: more than two batches.
    @Test func plainRowsAreSealedAndKeysRotatedWithoutLosingARow() async throws {
        try await ScratchPostgres.withPool(schema: "personal_data") { pool in
            try await pool.execute("CREATE TABLE person (id text PRIMARY KEY, name text, phone text, phone_hash bytea)")
            try await pool.execute(
                """
                INSERT INTO person SELECT to_char(n, 'FM00000'), '张' || n,
                    CASE WHEN n % 2 = 0 THEN '1380000' || to_char(n, 'FM0000') END FROM generate_series(1, 1201) n
                """)
            let first = try SealingTests.keys("k1:\(SealingTests.key(1))")
            #expect(try await Resealing(keys: first, columns: Self.columns).run(pool) == 1201 + 600)
            #expect(try await Resealing(keys: first, columns: Self.columns).run(pool) == 0, "nothing is left to do")

            let both = try SealingTests.keys("k2:\(SealingTests.key(2))\nk1:\(SealingTests.key(1))")
            #expect(try await Resealing(keys: both, columns: Self.columns).run(pool) == 1201 + 600)
            let onlyNew = try SealingTests.keys("k2:\(SealingTests.key(2))")
            let stored = try await rows(pool)
            #expect(stored.count == 1201)
            for (index, row) in stored.enumerated() {
                let number = index + 1
                let name = try onlyNew.open(try #require(row.name), at: SealedPlace("person", "name", row: row.id))
                #expect(name == "张\(number)")
                guard number % 2 == 0 else {
                    #expect(row.phone == nil)
                    continue
                }
                let phone = "1380000" + String(repeating: "0", count: 4 - "\(number)".count) + "\(number)"
                let place = SealedPlace("person", "phone", row: row.id)
                #expect(try onlyNew.open(try #require(row.phone), at: place) == phone)
                #expect(row.hash == onlyNew.lookupHash(phone, domain: "phone"))
            }

            let newLookup = try #require(
                PersonalDataKeys(lines: "k2:\(SealingTests.key(2))", lookupKey: SealingTests.key(7)))
            #expect(try await Resealing(keys: newLookup, columns: Self.columns).run(pool, all: true) == 1201 + 600)
            let second = try #require(try await rows(pool).dropFirst().first)
            #expect(second.hash == newLookup.lookupHash("13800000002", domain: "phone"))
        }
    }

    @Test func aMissingKeyStopsWithoutTouchingTheRow() async throws {
        try await ScratchPostgres.withPool(schema: "personal_data") { pool in
            try await pool.execute("CREATE TABLE person (id text PRIMARY KEY, name text, phone text, phone_hash bytea)")
            try await pool.execute("INSERT INTO person VALUES ('a', '张三', NULL, NULL)")
            let first = try SealingTests.keys("k1:\(SealingTests.key(1))")
            try await Resealing(keys: first, columns: Self.columns).run(pool)
            let before = try await rows(pool).first?.name
            let other = try SealingTests.keys("k3:\(SealingTests.key(3))")
            await #expect(throws: PersonalDataError.unknownKey(id: "k1")) {
                try await Resealing(keys: other, columns: Self.columns).run(pool)
            }
            #expect(try await rows(pool).first?.name == before)
        }
    }
}
