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

    /// One run of `deploy/backup` that ended well.
    struct Backup: Encodable, Sendable {
        /// Folder below `base/`, as `deploy/restore` takes it.
        let name: String
        let finishedAt: Instant
        let bytes: Int64
    }

    /// A topic as this service sees it.
    struct TopicState: Encodable, Sendable {
        let topic: String
        /// Records that this service's relay has seen delivered, over all partitions; nil where it writes none.
        let published: Int64?
        /// Records that this service has not taken in yet; nil where it does not read the topic, or not yet.
        let lag: Int64?
        /// Open dead letters of records of this topic.
        let deadLetters: Int
    }

    let service: String
    let ready: Bool
    let checks: [String: HealthReport.Result]
    let journal: JournalState
    let deadLetters: Int
    let parkedKeys: Int
    let archive: Archive?
    /// Newest first, five at most; empty where none was ever made, or where backups are not made by `deploy/backup`.
    let backups: [Backup]
    let topics: [TopicState]
}
