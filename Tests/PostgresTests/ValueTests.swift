import Calendar
import Postgres
import TestSupport
import Testing

/// Values survive the way to the server and back, and a value that is not what the caller wants is refused.
struct ValueTests {
    private enum Zone: String {
        case kitchen = "Z3"
        case store = "Z1"
    }
    private struct Note: Codable, Equatable { var foundAt: Instant, itemCode: String }

    @Test func everyBindableTypeComesBackUnchanged() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            let instant = try #require(Instant(rfc3339: "2026-11-23T10:00:00.123456+08:00"))
            let early = Instant(microseconds: -1)
            let day = try #require(LocalDate(iso: "1999-12-31"))
            let note = Note(foundAt: instant, itemCode: "Z3-07")
            let text = "食堂 'quoted' \"double\" \\ $1 \u{1F35A}"
            try await pool.execute(
                """
                CREATE TABLE v (s text, i int8, small int4, b bool, d float8, t timestamptz, early timestamptz,
                    day date, raw bytea, doc jsonb, zone text, ss text[], ii int8[], raws bytea[], zones text[], empty text[])
                """)
            let raw: [UInt8] = [0, 255, 39, 92]
            let empty: [String] = []
            try await pool.execute(
                """
                INSERT INTO v VALUES (\(text), \(Int64.max), \(42), \(true), \(-1.5), \(instant), \(early), \(day), \(raw),
                    \(json: note), \(Zone.kitchen), \(["a", "", "{,\"}"]), \([1, -2]), \([[], raw]),
                    \([Zone.store, .kitchen]), \(empty))
                """)
            let rows = try await pool.query("SELECT * FROM v") { row in
                try same(row["s"], text)
                try same(row["i"], Int64.max)
                try same(row["small"], 42)
                try same(row["b"], true)
                try same(row["d"], -1.5)
                try same(row["t"], instant)
                try same(row["early"], early)
                try same(row["day"], day)
                try same(row["raw"], raw)
                try same(row.json("doc", as: Note.self), note)
                try same(row["doc"], #"{"found_at": "2026-11-23T10:00:00.123456+08:00", "item_code": "Z3-07"}"#)
                try same(row["zone"], Zone.kitchen)
                try same(row["ss"], ["a", "", "{,\"}"])
                try same(row["ii"], [1, -2])
                try same(row["raws"], [[], raw])
                try same(row["zones"], [Zone.store, .kitchen])
                try same(row["empty"], [String]())
                return true
            }
            #expect(rows == [true])
        }
    }

    @Test func nullIsNilAndNothingElse() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            let none: Instant? = nil
            let zone: Zone? = nil
            let found = try await pool.first(
                "SELECT \(none) AS t, \(zone) AS z, NULL::text AS s, NULL::int8 AS i, NULL::text[] AS a"
            ) { row in
                let t: Instant? = try row["t"]
                let z: Zone? = try row["z"]
                let s: String? = try row["s"]
                let a: [String]? = try row["a"]
                #expect(throws: PostgresError.self) { let _: String = try row["s"] }
                #expect(throws: PostgresError.self) { let _: [String] = try row["a"] }
                return try t == nil && z == nil && s == nil && a == nil && row.isNull("i")
            }
            #expect(found == true)
        }
    }

    @Test func aColumnOfAnotherTypeOrNameIsAnErrorThatNamesIt() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            await #expect(throws: PostgresError.self) {
                try await pool.query("SELECT 'Z8' AS zone") { try $0["zone"] as Zone }
            }
            do {
                _ = try await pool.query("SELECT 1 AS n") { try $0["n"] as String }
                Issue.record("a number was read as text")
            } catch let error as PostgresError {
                #expect(error.code == PostgresError.decoding)
                #expect(error.column == "n")
            }
            await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1 AS n") { try $0["m"] as Int } }
        }
    }

    @Test func sumsAndOtherNumericResultsAreNumbers() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            let sum = try await pool.first(
                "SELECT sum(n) AS s, avg(n) AS a, (-12345.0670)::numeric AS x, 0.0005::numeric AS tiny FROM generate_series(1, 20001) n"
            ) { row in
                try same(row["s"], 200_030_001)
                try same(row["a"], 10001.0)
                try same(row["x"], "-12345.0670")
                try same(row["tiny"], "0.0005")
                return true
            }
            #expect(sum == true)
        }
    }

    @Test func rowsAreWrittenInBulkByUnnest() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            try await pool.execute("CREATE TABLE t (id text PRIMARY KEY, n int4, note text)")
            let ids = ["a", "b", "c"]
            let notes: [String?] = ["x", nil, ""]
            let count = try await pool.execute(
                "INSERT INTO t SELECT * FROM unnest(\(ids), \([1, 2, 3]), \(notes))")
            #expect(count == 3)
            let back = try await pool.query("SELECT note FROM t WHERE id = ANY(\(["b", "c"])) ORDER BY id") {
                try $0["note"] as String?
            }
            #expect(back == [nil, ""])
        }
    }

    @Test func textWithNULIsRefusedBeforeItIsSent() async throws {
        try await ScratchPostgres.withPool(schema: "values") { pool in
            do {
                try await pool.execute("SELECT \("a\0b")")
                Issue.record("NUL was accepted")
            } catch let error as PostgresError {
                #expect(error.code == "22021")
            }
        }
    }
}

private func same<T: Equatable>(
    _ found: T, _ wanted: T, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found == wanted, sourceLocation: sourceLocation)
}
