import Kafka
import Postgres

/// The records of one batch inside one transaction: who has its turn, who waits, who was here before.
struct InboxTurn {
    private let store: InboxStore
    private let transaction: PostgresTransaction
    private let read: @Sendable (ReceivedRecord) -> IncomingRecord
    private var streams: [StreamKey: StreamProgress]
    private var changed: Set<StreamKey> = []
    /// Kept in this turn and not in the database yet.
    private var kept: [StreamKey: [Int64: IncomingRecord]] = [:]
    /// Identities without sequence that this transaction saw for the first time.
    private var fresh: Set<EventIdentity>
    private var run: (subscription: Subscription, events: [any Sendable])?
    private(set) var tally = InboxTally()

    /// Locks the streams of the batch, and `key`.
    init(
        _ batch: [IncomingRecord], locking key: StreamKey? = nil, store: InboxStore,
        _ transaction: PostgresTransaction, read: @escaping @Sendable (ReceivedRecord) -> IncomingRecord
    ) async throws {
        self.store = store
        self.transaction = transaction
        self.read = read
        var keys: Set<StreamKey> = key.map { [$0] } ?? []
        var identities: Set<EventIdentity> = []
        for case let envelope? in batch.lazy.map(\.envelope) {
            if envelope.sequence != nil {
                keys.insert(envelope.stream)
            } else {
                identities.insert(EventIdentity(source: envelope.source, id: envelope.id))
            }
        }
        streams = try await store.lock(keys, transaction)
        fresh = try await store.markSeen(Array(identities), transaction)
    }

    /// Takes the next record of the batch. With `draining`, kept records that follow it are taken as well.
    mutating func take(_ incoming: IncomingRecord, draining: Bool) async throws {
        guard let envelope = incoming.envelope else {
            try await perform(incoming)
            return
        }
        guard let sequence = envelope.sequence else {
            if fresh.remove(EventIdentity(source: envelope.source, id: envelope.id)) != nil {
                try await perform(incoming)
            } else {
                tally.duplicates += 1
            }
            return
        }
        let key = envelope.stream
        switch streams[key, default: StreamProgress()].verdict(for: sequence) {
        case .duplicate:
            tally.duplicates += 1
        case .keep:
            tally.kept += 1
            kept[key, default: [:]][sequence] = incoming
            streams[key]?.kept(sequence)
            changed.insert(key)
        case .apply:
            try await apply(incoming, key, sequence)
            if draining {
                while try await takeKept(key) {}
            }
        }
    }

    /// Takes the kept record whose turn it is; false when there is none.
    mutating func takeKept(_ key: StreamKey) async throws -> Bool {
        guard let sequence = streams[key]?.next else { return false }
        if let incoming = kept[key]?.removeValue(forKey: sequence) {
            try await apply(incoming, key, sequence)
        } else if let record = try await store.takeWaiting(key, sequence, transaction) {
            try await apply(read(record), key, sequence)
        } else {
            throw InboxError.waitingRecordMissing(stream: key, sequence: sequence)
        }
        return true
    }

    /// Lets a parked stream go on, beginning with the record that failed.
    mutating func resume(_ key: StreamKey) {
        streams[key]?.resume()
        changed.insert(key)
    }

    func progress(_ key: StreamKey) -> StreamProgress? { streams[key] }

    /// Parks the stream at the record after its version.
    mutating func park(_ key: StreamKey, failed incoming: IncomingRecord?) {
        guard let version = streams[key]?.version else { return }
        if let incoming { kept[key, default: [:]][version + 1] = incoming }
        streams[key]?.park()
        changed.insert(key)
    }

    private mutating func apply(_ incoming: IncomingRecord, _ key: StreamKey, _ sequence: Int64) async throws {
        try await perform(incoming)
        streams[key]?.applied(sequence)
        changed.insert(key)
    }

    private mutating func perform(_ incoming: IncomingRecord) async throws {
        switch incoming.action {
        case .handle(let subscription, let decoded):
            tally.handled += 1
            if run?.subscription.type == subscription.type {
                run?.events.append(decoded)
            } else {
                try await flush()
                run = (subscription, [decoded])
            }
        case .pass:
            tally.passed += 1
        case .setAside(let kind, let error):
            tally.setAside[kind, default: 0] += 1
            try await store.setAside(incoming, kind, error: error, tries: 1, transaction)
        }
    }

    private mutating func flush() async throws {
        guard let run else { return }
        self.run = nil
        try await run.subscription.handle(run.events, transaction)
    }

    /// Runs what is still to be run and writes the streams' state. Gives the streams that lack a record.
    mutating func finish() async throws -> Set<StreamKey> {
        try await flush()
        let records = kept.flatMap { key, records in records.map { (key, $0.key, $0.value.record) } }
        try await store.keep(records, transaction)
        try await store.save(streams.filter { changed.contains($0.key) }, transaction)
        return changed.filter { streams[$0]?.hasGap == true }
    }
}
