import Calendar
import Contracts
import Postgres
import ServiceKit

/// Wordings in force: the newest version, or the one built in.
enum TemplateStore {
    static func current(
        _ name: MessageTemplate.Name, _ language: Language, _ executor: some PostgresExecutor
    ) async throws -> MessageTemplate {
        let stored = try await executor.first(
            """
            SELECT version, subject, body FROM message_template
            WHERE name = \(name) AND language = \(language) ORDER BY version DESC LIMIT 1
            """
        ) { row in
            MessageTemplate(
                name: name, language: language, version: try row["version"], subject: try row["subject"],
                body: try row["body"])
        }
        return stored ?? .builtIn(name, language)
    }

    /// The next version of a wording; its number.
    static func save(
        _ name: MessageTemplate.Name, _ language: Language, subject: String, body: String, by person: PersonID,
        now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Int {
        // Two persons at once: one after the other.
        try await transaction.execute("LOCK TABLE message_template IN SHARE ROW EXCLUSIVE MODE")
        return try await transaction.first(
            """
            INSERT INTO message_template (name, language, version, subject, body, created_at, created_by)
            SELECT \(name), \(language), coalesce(max(version), 0) + 1, \(subject), \(body), \(now), \(person)
            FROM message_template WHERE name = \(name) AND language = \(language)
            RETURNING version
            """
        ) { row -> Int in try row["version"] } ?? 0
    }
}
