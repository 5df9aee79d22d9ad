import Contracts
import Postgres
import TestSupport
import Testing

@testable import Journal

@Suite struct PublishTests {
    struct Row: Equatable, Sendable {
        var position: Int64
        var key: String
        var sequence: Int64
        var number: Int
    }

    static func rows(_ fixture: JournalFixture) async throws -> [Row] {
        try await fixture.pool.query("SELECT * FROM journal WHERE topic IS NOT NULL ORDER BY position") { row in
            let event: Stirred = try EventJSON.decode(from: try row["data"])
            return Row(
                position: try row["position"], key: try row["partition_key"], sequence: try row["sequence"],
                number: event.number)
        }
    }

    @Test func oneEventWithItsContext() async throws {
        try await JournalFixture.with { fixture in
            let id = try await fixture.pool.transaction { transaction in
                try await transaction.publish(
                    Stirred(5, key: "食堂"), JournalFixture.context, occurredAt: JournalFixture.now)
            }
            let found = try #require(
                try await JournalLog(service: "registry", database: fixture.pool).entry(id))
            let entry = found.entry
            #expect(found.leafIndex == nil)
            #expect(entry.id == id.rawValue && UUIDv7.isWellFormed(entry.id))
            #expect(entry.type == Stirred.type && entry.subject == "食堂" && entry.actor == "person:p1")
            #expect(entry.occurredAt == JournalFixture.now && entry.correlationId == "c1")
            #expect(entry.causationId == nil && entry.traceparent == "00-aa-bb-01")
            #expect(
                entry.stream
                    == JournalEntry.Stream(topic: "brightkitchen.registry.v1", partitionKey: "食堂", sequence: 1))
            #expect(entry.data == (try EventJSON.encode(Stirred(5, key: "食堂"))))
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == 1)
        }
    }

    @Test func listIsOneStatementInOrder() async throws {
        try await JournalFixture.with { fixture in
            try await fixture.publish([Stirred(1, key: "b"), Stirred(2, key: "a"), Stirred(3, key: "b")])
            try await fixture.publish([Stirred(4, key: "b"), Stirred(5, key: "c"), Stirred(6, key: "a")])
            try await fixture.publish([])
            let rows = try await Self.rows(fixture)
            #expect(rows.map(\.number) == [1, 2, 3, 4, 5, 6])
            #expect(rows.map(\.key) == ["b", "a", "b", "b", "c", "a"])
            #expect(rows.map(\.sequence) == [1, 1, 2, 3, 1, 2])
        }
    }

    /// One key on two topics is two streams: who reads one topic sees no gap.
    @Test func streamsArePerTopic() async throws {
        try await JournalFixture.with { fixture in
            try await fixture.publish([Stirred(1, topic: "t1"), Stirred(2, topic: "t2"), Stirred(3, topic: "t1")])
            #expect(try await Self.rows(fixture).map(\.sequence) == [1, 1, 2])
        }
    }

    @Test func rollbackLeavesNothing() async throws {
        struct Undone: Error {}
        try await JournalFixture.with { fixture in
            await #expect(throws: Undone.self) {
                try await fixture.pool.transaction { transaction in
                    try await transaction.publish(Stirred(1), JournalFixture.context, occurredAt: JournalFixture.now)
                    throw Undone()
                }
            }
            try await fixture.publish([Stirred(2)])
            #expect(try await Self.rows(fixture).map(\.sequence) == [1])
        }
    }

    @Test func logOnlyHasNoStreamAndIsPending() async throws {
        try await JournalFixture.with { fixture in
            try await fixture.log("brightkitchen.registry.login.succeeded.v1", subject: "p1")
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal WHERE topic IS NULL") == 1)
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_stream") == 0)
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == 1)
        }
    }

    @Test func refusesWhatAnEntryBundleCannotHold() async throws {
        try await JournalFixture.with { fixture in
            await #expect(throws: AppendError.self) {
                try await fixture.publish([Stirred(1, padding: String(repeating: "x", count: 65_400))])
            }
            try await fixture.publish([Stirred(1, padding: String(repeating: "x", count: 64_000))])
            let entries = try await fixture.pool.query("SELECT \(JournalEntry.columns) FROM journal j") {
                try JournalEntry($0)
            }
            #expect(entries.count == 1)
            #expect(entries.allSatisfy { $0.leafBytes(source: "urn:brightkitchen:registry").count <= 65_535 })
        }
    }

    @Test(arguments: ["journal", "journal_leaf", "journal_node", "journal_checkpoint"])
    func writtenOnce(table: String) async throws {
        try await JournalFixture.with { fixture in
            let column = table == "journal" ? "position" : table == "journal_checkpoint" ? "size" : "index"
            for statement: SQL in [
                "UPDATE \(identifier: table) SET \(identifier: column) = 1", "DELETE FROM \(identifier: table)",
                "TRUNCATE \(identifier: table) CASCADE",
            ] {
                await #expect(
                    performing: { try await fixture.pool.execute(statement) },
                    throws: { error in
                        (error as? PostgresError)?.code == "42501"
                    })
            }
        }
    }

    /// 8 writers, random pauses before the commit: gap-free per stream, and position order = commit order per stream.
    @Test func concurrentWriters() async throws {
        try await JournalFixture.with(poolSize: 10) { fixture in
            let writers = 8
            let rounds = 40
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        var random = SeededRandom(UInt64(writer) + 1)
                        for round in 0..<rounds {
                            let events: [any Event] = (0..<Int.random(in: 1...4, using: &random)).map { step in
                                Stirred(
                                    (writer * rounds + round) * 10 + step,
                                    key: "k\(Int.random(in: 0..<3, using: &random))")
                            }
                            let pause = Double.random(in: 0...0.004, using: &random)
                            try await fixture.pool.transaction { transaction in
                                _ = try await transaction.publish(
                                    events, JournalFixture.context, occurredAt: JournalFixture.now)
                                try await transaction.execute("SELECT pg_sleep(\(pause))")
                            }
                        }
                    }
                }
                // A reader as the relay is one: what it sees of a stream is always a prefix.
                group.addTask {
                    for _ in 0..<60 {
                        let seen = try await fixture.pool.query(
                            """
                            SELECT j.partition_key AS key, j.sequence
                            FROM journal_pending p JOIN journal j USING (position)
                            ORDER BY p.position
                            """
                        ) { (try $0["key"] as String, try $0["sequence"] as Int64) }
                        for (_, sequences) in Dictionary(grouping: seen, by: \.0) {
                            #expect(sequences.map(\.1) == Array(1...Int64(sequences.count)))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let rows = try await Self.rows(fixture)
            for (key, stream) in Dictionary(grouping: rows, by: \.key) {
                #expect(stream.map(\.sequence) == Array(1...Int64(stream.count)), "stream \(key)")
            }
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == rows.count)
            try await fixture.sequenceAll()
            let report = try await fixture.verifier().verify()
            #expect(report.isIntact, "\(report.failures)")
            #expect(report.entries == UInt64(rows.count))
        }
    }
}
