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

    /// A version as it was put into force. Proposer and reason are absent in those from before two persons were asked.
    struct Version: Encodable, Sendable {
        let version: Int
        let subject: String
        let body: String
        let inForceAt: Instant
        let proposedBy: PersonID?
        let decidedBy: PersonID
        let reason: String?
    }

    /// Newest first; the one built in is not among them.
    static func versions(
        _ name: MessageTemplate.Name, _ language: Language, _ executor: some PostgresExecutor
    ) async throws -> [Version] {
        try await executor.query(
            """
            SELECT version, subject, body, created_at, proposed_by, created_by, reason FROM message_template
            WHERE name = \(name) AND language = \(language) ORDER BY version DESC
            """
        ) { row in
            Version(
                version: try row["version"], subject: try row["subject"], body: try row["body"],
                inForceAt: try row["created_at"], proposedBy: try row["proposed_by"], decidedBy: try row["created_by"],
                reason: try row["reason"])
        }
    }

    /// The next version of a wording; its number.
    static func save(
        _ wanted: TemplateBook.Proposal, proposedBy: PersonID, decidedBy: PersonID, reason: String, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        // Two decisions at once: one after the other.
        try await transaction.execute("LOCK TABLE message_template IN SHARE ROW EXCLUSIVE MODE")
        let version = try await transaction.first(
            """
            INSERT INTO message_template (name, language, version, subject, body, created_at, created_by, proposed_by,
                                          reason)
            SELECT \(wanted.name), \(wanted.language), coalesce(max(version), 0) + 1, \(wanted.subject), \(wanted.body),
                   \(now), \(decidedBy), \(proposedBy), \(reason)
            FROM message_template WHERE name = \(wanted.name) AND language = \(wanted.language)
            RETURNING version
            """
        ) { row -> Int in try row["version"] }
        guard let version else { throw PostgresError(code: PostgresError.decoding, message: "no version was made") }
        return version
    }
}
