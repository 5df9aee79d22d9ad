import Calendar
import Contracts
import Crypto
import Foundation
import Journal
import Postgres

/// Yearly holiday notices, versioned.
enum CalendarStore {
    /// What a load did, year by year.
    struct Outcome: Sendable {
        var edition: Int
        var loaded: [Int]
        var unchanged: [Int]
    }

    static func currentNumber(_ executor: some PostgresExecutor) async throws -> Int {
        try await executor.first("SELECT coalesce(max(number), 0) AS n FROM calendar_version") { try $0["n"] } ?? 0
    }

    static func newest(_ executor: some PostgresExecutor) async throws -> CalendarEdition {
        try await edition(try await currentNumber(executor), executor)
    }

    /// The calendar of a version.
    static func edition(_ number: Int, _ executor: some PostgresExecutor) async throws -> CalendarEdition {
        let contents = try await executor.query(
            """
            SELECT DISTINCT ON (year) content FROM calendar_notice WHERE version <= \(number)
            ORDER BY year, version DESC
            """
        ) { row -> String in try row["content"] }
        return try CalendarEdition(
            number: number, notices: contents.map { try HolidayNotice.read(Data($0.utf8)) })
    }

    struct Version: Sendable {
        let number: Int
        let loadedAt: Instant
        let loadedBy: String
        let years: [Int]
    }

    /// Newest first.
    static func versions(_ executor: some PostgresExecutor) async throws -> [Version] {
        try await executor.query(
            "SELECT number, loaded_at, loaded_by, loaded_years FROM calendar_version ORDER BY number DESC"
        ) { row in
            Version(
                number: try row["number"], loadedAt: try row["loaded_at"], loadedBy: try row["loaded_by"],
                years: try row["loaded_years"])
        }
    }

    /// Makes a new version of the notices that say something new, publishes `calendar.loaded`. Loading the same again
    /// changes nothing.
    static func load(
        _ notices: [HolidayNotice], _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Outcome {
        try await transaction.execute("LOCK TABLE calendar_version IN SHARE ROW EXCLUSIVE MODE")
        let number = try await currentNumber(transaction)
        let known = Dictionary(
            try await transaction.query(
                "SELECT DISTINCT ON (year) year, digest FROM calendar_notice ORDER BY year, version DESC"
            ) { row -> (Int, [UInt8]) in (try row["year"], try row["digest"]) }, uniquingKeysWith: { $1 })
        var outcome = Outcome(edition: number, loaded: [], unchanged: [])
        var fresh: [(notice: HolidayNotice, content: String, digest: [UInt8])] = []
        for notice in notices.sorted(by: { $0.year < $1.year }) {
            let content = try canonical(notice)
            let digest = Array(SHA256.hash(data: Data(content.utf8)))
            if known[notice.year] == digest {
                outcome.unchanged.append(notice.year)
            } else {
                fresh.append((notice, content, digest))
                outcome.loaded.append(notice.year)
            }
        }
        guard !fresh.isEmpty else { return outcome }
        outcome.edition = number + 1
        try await transaction.execute(
            """
            INSERT INTO calendar_version (number, loaded_at, loaded_by, loaded_years)
            VALUES (\(outcome.edition), \(now), \(context.actor.rawValue), \(outcome.loaded))
            """)
        for item in fresh {
            try await transaction.execute(
                """
                INSERT INTO calendar_notice (year, version, digest, content)
                VALUES (\(item.notice.year), \(outcome.edition), \(item.digest), \(item.content))
                """)
        }
        let days = fresh.flatMap(\.notice.days)
        try await transaction.publish(
            CalendarLoaded(
                calendar: "working-days", calendarVersion: String(outcome.edition),
                publishedYears: Set(known.keys).union(outcome.loaded).sorted(), loadedYears: outcome.loaded,
                daysOff: Set(days.filter(\.isOffDay).map(\.date)).sorted(),
                workingDays: Set(days.filter { !$0.isOffDay }.map(\.date)).sorted(),
                papers: fresh.flatMap(\.notice.papers), loadedAt: now),
            context, occurredAt: now)
        return outcome
    }

    /// One text for one content: days in order, keys sorted.
    private static func canonical(_ notice: HolidayNotice) throws -> String {
        var notice = notice
        notice.days = Set(notice.days).sorted { ($0.date, $0.name) < ($1.date, $1.name) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(notice), as: UTF8.self)
    }
}
