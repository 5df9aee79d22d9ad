import Calendar
import Foundation
import PersonalData
import Postgres
import TestSupport
import Testing

@testable import ServiceKit

struct PersonalDataInventoryTests {
    @Test func theDocumentIsRenderedFromTheInventory() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/privacy/inventory.md")
        let rendered = try PersonalDataInventory.shipped().document()
        if ProcessInfo.processInfo.environment["UPDATE_DOCUMENTS"] == "1" {
            try Data(rendered.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == rendered, "UPDATE_DOCUMENTS=1 writes it anew")
    }

    @Test func auditIsKeptSixMonthsAtLeast() throws {
        let audit = try #require(
            try PersonalDataInventory.shipped().entries.first { $0.table == "audit_request" }?.retention)
        #expect(audit.days >= 184, "no six months are longer")
    }

    private static let inventory = """
        - service: sample
          table: card
          columns: [name]
          what: { zh: 名, en: Name }
          purpose: { zh: 测, en: Test }
          basis: { zh: 无, en: None }
          protection: plain
          retention: { days: 30, since: { column: ended_at } }
        - service: all
          table: badge
          columns: [name]
          what: { zh: 名, en: Name }
          purpose: { zh: 测, en: Test }
          basis: { zh: 无, en: None }
          protection: plain
          retention: { days: 1, since: { table: card, key: id, column: ended_at } }
        - service: other
          table: not_here
          columns: [name]
          what: { zh: 名, en: Name }
          purpose: { zh: 测, en: Test }
          basis: { zh: 无, en: None }
          protection: plain
          retention: { days: 1, since: { column: ended_at } }
        """

    @Test func whatIsOverIsPurgedOnceAndSaidInTheJournal() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let now = client.clock.now()
            let pool = client.pool
            try await pool.execute("CREATE TABLE card (id text PRIMARY KEY, name text, ended_at timestamptz)")
            try await pool.execute("CREATE TABLE badge (id text PRIMARY KEY, name text)")
            let ends: [(String, Instant?)] = [
                ("old", now - .seconds(31 * 86_400)), ("new", now - .seconds(29 * 86_400)), ("open", nil),
            ]
            for (id, end) in ends {
                try await pool.execute("INSERT INTO card VALUES (\(id), '种植', \(end))")
                try await pool.execute("INSERT INTO badge VALUES (\(id), '种植')")
            }
            let purge = RetentionPurge(
                service: "sample", inventory: try PersonalDataInventory(yaml: Self.inventory), pool: pool)
            let purged = try await purge.run(now: now)
            #expect(purged.map(\.table) == ["card", "badge"] && purged.map(\.rows) == [1, 1])
            #expect(try await purge.run(now: now) == [], "a second run finds nothing")
            let cards = try await pool.query("SELECT id FROM card ORDER BY id") { row -> String in try row["id"] }
            let badges = try await pool.query("SELECT id FROM badge ORDER BY id") { row -> String in try row["id"] }
            #expect(cards == ["new", "open"] && badges == ["old", "open"], "what has no end is kept")
            let entries = try await pool.query(
                "SELECT convert_from(data, 'UTF8') AS data FROM journal WHERE type LIKE '%privacy.purged%' ORDER BY position"
            ) { row -> String in try row["data"] }
            #expect(entries.count == 2 && entries[0].contains("\"rows\":1") && !entries.joined().contains("种植"))
        }
    }

    @Test func anOldAuditRowGoesAndAYoungOneCannot() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for (id, day) in [("old", "2020-01-01"), ("young", "2026-11-01")] {
                try await client.pool.execute(
                    """
                    INSERT INTO audit_request (id, occurred_at, actor, action, method, route, path, correlation_id)
                    VALUES (\(id), \(day)::date, 'anonymous', 'public', 'POST', '/x', '/x', 'c')
                    """)
            }
            let purge = RetentionPurge(service: "sample", inventory: try .shipped(), pool: client.pool)
            #expect(try await purge.run(now: client.clock.now()).map(\.rows) == [1])
            let left = try await client.pool.query("SELECT id FROM audit_request") { row -> String in try row["id"] }
            #expect(left == ["young"])
        }
    }
}
