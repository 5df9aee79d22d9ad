import Calendar
import Contracts
import Postgres
import TestSupport
import Testing

@testable import Journal

/// Whatever is changed in the database, by whomever: the verifier sees it and names it.
@Suite struct VerifierTests {
    /// 600 entries of three streams and some log-only ones, two checkpoints, 5 entries not sequenced.
    static func fill(_ fixture: JournalFixture) async throws {
        for half in 0..<2 {
            let events: [any Event] = (0..<290).map { Stirred($0 + half * 1000, key: "k\($0 % 3)") }
            try await fixture.publish(events)
            for number in 0..<10 {
                try await fixture.log("brightkitchen.registry.login.succeeded.v1", subject: "p\(number)")
            }
            try await fixture.sequenceAll()
        }
        try await fixture.publish((0..<5).map { Stirred($0 + 5000, key: "k\($0 % 3)") })
    }

    @Test func intactJournal() async throws {
        try await JournalFixture.with { fixture in
            try await Self.fill(fixture)
            let report = try await fixture.verifier().verify()
            #expect(report.isIntact, "\(report.failures)")
            #expect(report.entries == 600 && report.vouchedSize == 600 && report.checkpoints == 2)
            #expect(report.unsequenced == 5)
            #expect(report.root == (try await TreeStore.root(size: 600, fixture.pool)).hex)
        }
    }

    @Test func emptyJournal() async throws {
        try await JournalFixture.with { fixture in
            let report = try await fixture.verifier().verify()
            #expect(report.isIntact && report.entries == 0)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var sql: [SQL]
        /// A failure of this kind, at this leaf index.
        var kind: VerificationFailure.Kind
        var index: UInt64?
        var testDescription: String { name }
    }

    /// Entry 299 and 300 are the last of the first checkpoint and the first after it; position = index + 1 here.
    static let cases: [Case] = [
        Case(
            name: "a byte of the data",
            sql: [
                "UPDATE journal SET data = set_byte(data, 3, get_byte(data, 3) # 1) WHERE position = 124"
            ], kind: .entryAltered, index: 123),
        Case(
            name: "the actor", sql: ["UPDATE journal SET actor = 'person:p2' WHERE position = 1"],
            kind: .entryAltered, index: 0),
        Case(
            name: "the time, by a microsecond",
            sql: [
                "UPDATE journal SET occurred_at = occurred_at + interval '1 microsecond' WHERE position = 600"
            ], kind: .entryAltered, index: 599),
        Case(
            name: "the trace of an entry", sql: ["UPDATE journal SET traceparent = NULL WHERE position = 5"],
            kind: .entryAltered, index: 4),
        Case(
            name: "a deleted entry", sql: ["DELETE FROM journal WHERE position = 300"],
            kind: .entryMissing, index: 299),
        Case(
            name: "a deleted entry with its leaf",
            sql: [
                "DELETE FROM journal WHERE position = 300", "DELETE FROM journal_leaf WHERE index = 299",
            ], kind: .leafMissing, index: 299),
        Case(
            name: "two entries exchanged",
            sql: [
                "UPDATE journal SET position = -1 WHERE position = 10",
                "UPDATE journal SET position = 10 WHERE position = 20",
                "UPDATE journal SET position = 20 WHERE position = -1",
            ], kind: .entryAltered, index: 9),
        Case(
            name: "two leaves exchanged",
            sql: [
                """
                UPDATE journal_leaf a SET position = -b.position, leaf_hash = b.leaf_hash FROM journal_leaf b
                WHERE (a.index, b.index) IN ((310, 320), (320, 310))
                """,
                "UPDATE journal_leaf SET position = -position WHERE position < 0",
            ], kind: .rootMismatch, index: 300),
        Case(
            name: "a leaf's hash",
            sql: [
                "UPDATE journal_leaf SET leaf_hash = set_byte(leaf_hash, 31, get_byte(leaf_hash, 31) # 128) WHERE index = 7"
            ], kind: .entryAltered, index: 7),
        Case(
            name: "an entry slipped in",
            sql: [
                """
                INSERT INTO journal (position, id, type, subject, actor, occurred_at, correlation_id, data)
                VALUES (100000, gen_random_uuid(), 't', 's', 'a', now(), 'c', '')
                """
            ], kind: .entryOutsideTree, index: nil),
        Case(
            name: "an entry that will never be published", sql: ["DELETE FROM journal_pending"],
            kind: .entryOutsideTree, index: nil),
        Case(
            name: "a stored node", sql: ["UPDATE journal_node SET hash = sha256(hash) WHERE index = 1"],
            kind: .nodeWrong, index: 256),
        Case(
            name: "a node that should not be",
            sql: [
                "INSERT INTO journal_node VALUES (1, 2, sha256(''))"
            ], kind: .nodeWrong, index: 512),
        Case(
            name: "a checkpoint's root",
            sql: [
                "UPDATE journal_checkpoint SET root = sha256(root) WHERE size = 300"
            ], kind: .checkpointForged, index: nil),
        Case(
            name: "a checkpoint's text",
            sql: [
                "UPDATE journal_checkpoint SET note = replace(note, E'\\n600\\n', E'\\n599\\n')"
            ], kind: .checkpointForged, index: nil),
        Case(
            name: "the end cut off",
            sql: [
                "DELETE FROM journal WHERE position > 590", "DELETE FROM journal_leaf WHERE index >= 590",
                "DELETE FROM journal_pending",
            ], kind: .truncated, index: 590),
        Case(
            name: "the end cut off with its checkpoint",
            sql: [
                "DELETE FROM journal WHERE position > 590", "DELETE FROM journal_leaf WHERE index >= 590",
                "DELETE FROM journal_pending", "DELETE FROM journal_checkpoint WHERE size = 600",
            ], kind: .streamHeadWrong, index: nil),
        Case(
            name: "a sequence number",
            sql: [
                "UPDATE journal SET sequence = sequence + 1 WHERE position = 50"
            ], kind: .sequenceBroken, index: 49),
        Case(
            name: "a stream's head",
            sql: ["UPDATE journal_stream SET version = version + 1 WHERE partition_key = 'k1'"],
            kind: .streamHeadWrong, index: nil),
    ]

    @Test(arguments: cases) func named(example: Case) async throws {
        try await JournalFixture.with { fixture in
            try await Self.fill(fixture)
            try await fixture.pool.transaction { transaction in
                try await transaction.execute("SET LOCAL session_replication_role = replica")
                for statement in example.sql { try await transaction.execute(statement) }
            }
            let report = try await fixture.verifier().verify()
            #expect(
                report.failures.contains {
                    $0.kind == example.kind && (example.index == nil || $0.index == example.index)
                },
                "\(report.failures)")
        }
    }

    /// One who holds the database can make rows and leaves agree, but not sign: the run between two checkpoints is
    /// named.
    @Test func consistentForgeryOfRowAndLeaf() async throws {
        try await JournalFixture.with { fixture in
            try await Self.fill(fixture)
            try await fixture.tamper("UPDATE journal SET actor = 'person:p9' WHERE position = 401")
            let forged = try #require(
                try await RecomputedLeaf.read(400..<401, source: "urn:brightkitchen:registry", fixture.pool).first?
                    .computed)
            try await fixture.tamper("UPDATE journal_leaf SET leaf_hash = \(forged.bytes) WHERE index = 400")
            let report = try await fixture.verifier().verify()
            #expect(report.failures.contains { $0.kind == .rootMismatch && $0.index == 300 })
            #expect(report.failures.contains { $0.kind == .nodeWrong && $0.index == 256 })
        }
    }

    /// The end cut off together with everything that could tell, or all written anew and signed with the stolen key:
    /// only a checkpoint that somebody else keeps shows it.
    @Test func externalCheckpoints() async throws {
        try await JournalFixture.with { fixture in
            try await Self.fill(fixture)
            let notes = try await fixture.pool.query("SELECT note FROM journal_checkpoint ORDER BY size") {
                try $0["note"] as String
            }
            let kept = notes.joined(separator: "\n")
            #expect(try await fixture.verifier().verify(external: kept).isIntact)

            try await fixture.tamper(
                "DELETE FROM journal WHERE position > 300", "DELETE FROM journal_leaf WHERE index >= 300",
                "DELETE FROM journal_pending", "DELETE FROM journal_checkpoint WHERE size = 600",
                "DELETE FROM journal_node WHERE index >= 1",
                """
                UPDATE journal_stream s SET version = (SELECT max(sequence) FROM journal j
                    WHERE j.topic = s.topic AND j.partition_key = s.partition_key)
                """)
            #expect(try await fixture.verifier().verify().isIntact)
            let truncated = try await fixture.verifier().verify(external: kept)
            #expect(truncated.failures.map(\.kind) == [.truncated] && truncated.failures.first?.index == 300)

            try await fixture.tamper(
                "DELETE FROM journal_leaf", "DELETE FROM journal_node", "DELETE FROM journal_checkpoint",
                "UPDATE journal SET actor = 'person:somebody else'",
                "INSERT INTO journal_pending SELECT position FROM journal")
            try await fixture.sequenceAll()
            #expect(try await fixture.verifier().verify().isIntact)
            let rewritten = try await fixture.verifier().verify(external: kept)
            #expect(rewritten.failures.contains { $0.kind == .rootMismatch && $0.index == 0 })
            #expect(rewritten.failures.contains { $0.kind == .truncated })
        }
    }

    @Test func externalFileMustHoldACheckpoint() async throws {
        try await JournalFixture.with { fixture in
            await #expect(throws: LedgerError.self) {
                _ = try await fixture.verifier().verify(external: "hello\n")
            }
        }
    }

    /// Seeded single mutations of any kind, anywhere. Every one must be found, and what names an entry must name the
    /// right one. Rolled back by restoring the row, so that one journal serves all.
    @Test func randomMutations() async throws {
        try await JournalFixture.with { fixture in
            try await Self.fill(fixture)
            try await fixture.tamper(
                "CREATE TABLE original AS SELECT * FROM journal",
                "CREATE TABLE original_leaf AS SELECT * FROM journal_leaf")
            var random = SeededRandom(2020)
            var missed: [String] = []
            for round in 0..<60 {
                let position = Int64.random(in: 1...600, using: &random)
                let bit = Int.random(in: 0..<160, using: &random)
                let change: SQL
                switch Int.random(in: 0..<9, using: &random) {
                case 0: change = Self.flip("data", bit, of: "journal")
                case 1: change = "UPDATE journal SET subject = subject || ' '"
                case 2: change = "UPDATE journal SET id = gen_random_uuid()"
                case 3: change = "UPDATE journal SET correlation_id = reverse(correlation_id)"
                case 4: change = "DELETE FROM journal"
                case 5: change = Self.flip("leaf_hash", bit, of: "journal_leaf")
                case 6: change = "UPDATE journal SET type = upper(type)"
                case 7: change = "UPDATE journal SET occurred_at = occurred_at - interval '1 second'"
                default: change = "UPDATE journal SET causation_id = 'x'"
                }
                let mutation = change + " WHERE position = \(position)"
                try await fixture.tamper(mutation)
                let report = try await fixture.verifier().verify()
                if !report.failures.contains(where: { $0.index == UInt64(position - 1) && $0.position == position }) {
                    missed.append("round \(round): \(mutation) → \(report.failures)")
                }
                try await Self.restore(fixture)
            }
            #expect(missed.isEmpty, "\(missed)")
            #expect(try await fixture.verifier().verify().isIntact)
        }
    }

    /// One bit of a column, taken modulo its length.
    private static func flip(_ column: String, _ bit: Int, of table: String) -> SQL {
        let column: SQL = "\(identifier: column)"
        let place: SQL = "(\(bit) % (8 * length(\(column))))::bigint"
        return """
            UPDATE \(identifier: table)
            SET \(column) = set_bit(\(column), \(place), 1 - get_bit(\(column), \(place)))
            """
    }

    private static func restore(_ fixture: JournalFixture) async throws {
        try await fixture.tamper(
            "DELETE FROM journal", "INSERT INTO journal SELECT * FROM original",
            "DELETE FROM journal_leaf", "INSERT INTO journal_leaf SELECT * FROM original_leaf")
    }
}
