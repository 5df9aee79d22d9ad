import Calendar
import Journal

/// What an operator must know of one service: answer of `<prefix>/v1/operations`.
struct OperationsState: Encodable, Sendable {
    struct JournalState: Encodable, Sendable {
        /// Position of the newest entry; 0 = empty.
        let newestPosition: Int64
        /// Entries that are not on the topics yet.
        let pending: Int
        /// Entries under the newest signed checkpoint.
        let signedSize: Int64
        /// When it was signed; nil before the first.
        let signedAt: Instant?
    }

    /// Postgres' own account of the WAL archive, which `deploy/restore` needs; nil where archiving is off.
    struct Archive: Encodable, Sendable {
        let lastArchivedAt: Instant?
        let lastFailedAt: Instant?
        let isFailing: Bool
    }

    let service: String
    let ready: Bool
    let checks: [String: HealthReport.Result]
    let journal: JournalState
    let deadLetters: Int
    let parkedKeys: Int
    let archive: Archive?
}
