import Calendar
import Concurrency
import Kafka
import Logging
import Postgres

/// Signs the tree heads of one log, and never two that contradict each other.
///
/// Before each signature the stored tree is asked again: it must have the root that was signed last at that size, and
/// the root about to be signed at the new size. A tree that was changed behind the relay's back is not vouched for.
struct CheckpointKeeper {
    private let signer: CheckpointSigner
    private let service: String
    private let clock: any WallClock
    private let interval: Duration
    private var last: Checkpoint?
    private var lastNote: String?
    private var lastSignedAt: ContinuousClock.Instant?
    /// Set when signing must stop until a person has looked.
    private(set) var halted: LedgerError?

    init(signer: CheckpointSigner, service: String, clock: any WallClock, interval: Duration) {
        self.signer = signer
        self.service = service
        self.clock = clock
        self.interval = interval
    }

    var size: UInt64 { last?.size ?? 0 }

    /// Reads the latest checkpoint and compares it with the stored tree.
    mutating func resume(_ database: some PostgresExecutor) async throws {
        let stored = try await Self.latest(database)
        last = stored.map { Checkpoint(origin: signer.origin, size: $0.size, root: $0.root) }
        lastNote = stored?.note
        do {
            try await checkPrefix(database)
        } catch let error as LedgerError {
            halted = error
        }
    }

    /// A struct and not a tuple, and small functions: the optimiser of Swift 6.3 frees task memory out of order where it
    /// inlines an asynchronous function that returns a tuple, which ends the process; seen in the release build only.
    private struct Stored: Sendable {
        let size: UInt64
        let root: MerkleHash
        let note: String
    }

    @inline(never)
    private static func latest(_ database: some PostgresExecutor) async throws -> Stored? {
        try await database.first("SELECT size, root, note FROM journal_checkpoint ORDER BY size DESC LIMIT 1") { row in
            let size: Int64 = try row["size"]
            return Stored(size: UInt64(size), root: try MerkleHash(column: try row["root"]), note: try row["note"])
        }
    }

    @inline(never)
    private func checkPrefix(_ database: some PostgresExecutor) async throws {
        guard let last else { return }
        let size = try await TreeStore.size(database)
        guard last.size <= size else { throw LedgerError.sizeOutOfRange(asked: last.size, size: size) }
        let root = try await TreeStore.root(size: last.size, database)
        guard root == last.root else {
            throw LedgerError.inconsistentCheckpoint(size: last.size, signed: last.root, stored: root)
        }
    }

    func isDue(_ frontier: MerkleFrontier, at now: ContinuousClock.Instant) -> Bool {
        guard halted == nil, frontier.size > size else { return false }
        guard let lastSignedAt else { return true }
        return lastSignedAt + interval <= now
    }

    /// Signs and stores the head of the tree.
    @inline(never)
    mutating func sign(_ frontier: MerkleFrontier, _ database: some PostgresExecutor) async throws {
        let checkpoint = Checkpoint(origin: signer.origin, size: frontier.size, root: frontier.root)
        do {
            try await check(checkpoint, database)
        } catch let error as LedgerError {
            halted = error
            return
        }
        let note = try signer.sign(checkpoint).serialized
        try await database.execute(
            """
            INSERT INTO journal_checkpoint (size, root, note, signed_at)
            VALUES (\(Int64(checkpoint.size)), \(checkpoint.root.bytes), \(note), \(clock.now()))
            """)
        last = checkpoint
        lastNote = note
        lastSignedAt = .now
    }

    /// Throws a `LedgerError` when the stored tree contradicts what was signed or is about to be.
    @inline(never)
    private func check(_ checkpoint: Checkpoint, _ database: some PostgresExecutor) async throws {
        let stored = try await Self.latest(database)
        if let stored, let last, stored.size != last.size || stored.root != last.root {
            // Somebody else signed, or took a signature away.
            throw LedgerError.inconsistentCheckpoint(size: stored.size, signed: last.root, stored: stored.root)
        }
        try await checkPrefix(database)
        let root = try await TreeStore.root(size: checkpoint.size, database)
        guard root == checkpoint.root else {
            throw LedgerError.inconsistentCheckpoint(size: checkpoint.size, signed: checkpoint.root, stored: root)
        }
    }

    /// The latest checkpoint for the topic; the key keeps each log's checkpoints in order.
    func record() -> KafkaRecord? {
        guard let last, let lastNote else { return nil }
        return KafkaRecord(
            topic: "brightkitchen.checkpoints.v1", key: signer.origin, value: Array(lastNote.utf8),
            headers: [
                KafkaHeader("ce_specversion", "1.0"),
                KafkaHeader("ce_id", "\(signer.origin)/\(last.size)"),
                KafkaHeader("ce_source", JournalEntry.source(service: service)),
                KafkaHeader("ce_type", "brightkitchen.checkpoints.checkpoint.signed.v1"),
                KafkaHeader("ce_time", clock.now().rfc3339),
                KafkaHeader("ce_subject", signer.origin),
                KafkaHeader("ce_partitionkey", signer.origin),
                KafkaHeader("content-type", "text/plain; charset=utf-8"),
            ])
    }
}
