import Kafka
import Postgres

/// One term of a relay as the active one, from taking the lock to losing it.
///
/// While a batch is on its way to the broker the next one is sequenced. A batch is sent only after the one before it is
/// marked, so that a crash repeats at most one.
struct RelayLeadership {
    private let relay: Relay
    private let connection: PostgresConnection
    private let publisher: Publisher
    private let sequencer: Sequencer
    private var keeper: CheckpointKeeper
    private var nextInspection = ContinuousClock.now
    /// The latest checkpoint is not known to be on the topic.
    private var owesCheckpoint = true
    /// When the latest checkpoint is told again even though nothing was appended since.
    private var nextAnnouncement = ContinuousClock.now

    init(_ relay: Relay, _ connection: PostgresConnection, _ publisher: Publisher) async throws {
        self.relay = relay
        self.connection = connection
        self.publisher = publisher
        sequencer = try await Sequencer(connection, service: relay.service, batchSize: relay.options.batchSize)
        keeper = CheckpointKeeper(
            signer: relay.signer, service: relay.service, clock: relay.clock,
            interval: relay.options.checkpointInterval)
        try await keeper.resume(connection)
    }

    mutating func run() async throws {
        noteCheckpoint()
        try await inspect()
        try await sendUnsent()
        // Whatever ended the term before is over, also when there is nothing to publish now.
        relay.update { $0.lastError = nil }
        var ready: [SequencedEntry] = []
        while !relay.isStopping {
            ready = try await publishWhileSequencing(ready)
            // A batch that is ready goes first; under steady load a checkpoint may take two intervals.
            try await signIfDue(at: ready.isEmpty ? .now : .now - relay.options.checkpointInterval)
            // What was sequenced and not sent has been sent by an inspection that went over it.
            if ContinuousClock.now >= nextInspection, try await inspect() { ready = [] }
            if ready.isEmpty, !relay.isStopping { await relay.waitForWork() }
        }
        _ = try await publish(ready)
    }

    /// Publishes one batch and sequences the next at the same time.
    ///
    /// A task group and not `async let`: the optimiser of Swift 6.3 inlines that into `run` and frees task memory out of
    /// order, which ends the process ("freed pointer was not the last allocation"); seen in the release build only.
    private mutating func publishWhileSequencing(_ ready: [SequencedEntry]) async throws -> [SequencedEntry] {
        let term = self
        guard !ready.isEmpty else { return try await term.sequence() }
        let (next, logWasLost) = try await withThrowingTaskGroup(of: [SequencedEntry].self) { group in
            group.addTask { try await term.sequence() }
            let logWasLost = try await term.publish(ready)
            return (try await group.next() ?? [], logWasLost)
        }
        guard logWasLost else { return next }
        try await startOver()
        return []
    }

    private func sequence() async throws -> [SequencedEntry] {
        let batch = try await sequencer.next()
        if !batch.isEmpty { try await relay.observe(.sequenced(count: batch.count)) }
        return batch
    }

    /// True when the broker turned out to have lost its log.
    private func publish(_ batch: [SequencedEntry]) async throws -> Bool {
        guard !batch.isEmpty else { return false }
        let outcome = try await publisher.publish(batch)
        relay.noteDelivered(outcome.delivered)
        relay.update { $0.lastError = nil }
        return outcome.logWasLost
    }

    /// What an earlier term sequenced and did not mark, in order of the tree.
    private mutating func sendUnsent() async throws {
        var next: UInt64 = 0
        while !relay.isStopping {
            let batch = try await sequencer.unsent(from: next)
            guard let last = batch.last else { return }
            if try await publish(batch) {
                try await startOver()
                return
            }
            next = last.index + 1
        }
    }

    // MARK: the broker's log

    /// The broker lost what it held: all that was ever published is sent again, in order.
    private mutating func startOver() async throws {
        relay.logger.warning("the broker lost its log, publishing the journal again")
        try await Republication.request(from: 0, reason: "the broker lost its log", connection)
        try await publisher.forgetLog()
        try await republishIfRequested()
    }

    @discardableResult
    private mutating func republishIfRequested() async throws -> Bool {
        guard let request = try await Republication.requested(connection) else { return false }
        try await relay.observe(.republishing(until: request.end))
        relay.logger.notice("sending again", metadata: ["from": "\(request.next)", "until": "\(request.end)"])
        var next = request.next
        while !relay.isStopping {
            let batch = try await sequencer.published(from: next, until: request.end)
            guard let last = batch.last else {
                try await Republication.finish(connection)
                owesCheckpoint = true
                // Entries sequenced meanwhile, and those whose batch was given up for this.
                try await sendUnsent()
                return true
            }
            if try await publish(batch) {
                // Lost once more: from the beginning, with the next turn.
                try await Republication.request(from: 0, reason: "the broker lost its log", connection)
                try await publisher.forgetLog()
                next = 0
            } else {
                next = last.index + 1
                try await Republication.advance(to: next, connection)
            }
        }
        return true
    }

    /// Now and then: does the broker still have its log, did somebody ask for a republication or release a key?
    /// True when all that was sequenced has been sent on the way.
    @discardableResult
    private mutating func inspect() async throws -> Bool {
        nextInspection = .now + relay.options.inspectionInterval
        var sentAll = false
        if try await publisher.brokerLostItsLog() {
            try await startOver()
            sentAll = true
        } else if try await republishIfRequested() {
            sentAll = true
        }
        if try await publisher.reloadParkedKeys() {
            try await sendUnsent()
            sentAll = true
        }
        try await relay.refreshFigures(parkedKeys: publisher.parkedCount)
        try await sendCheckpoint()
        return sentAll
    }

    // MARK: checkpoints

    private mutating func signIfDue(at now: ContinuousClock.Instant) async throws {
        let frontier = await sequencer.frontier
        guard keeper.isDue(frontier, at: now) else { return }
        // A copy: an access to a part of `self` that lasts over a suspension is what the optimiser of Swift 6.3 gets wrong.
        var keeper = keeper
        try await keeper.sign(frontier, connection)
        self.keeper = keeper
        noteCheckpoint()
        guard keeper.halted == nil else { return }
        owesCheckpoint = true
        try await relay.observe(.checkpointSigned(size: keeper.size))
        try await sendCheckpoint()
    }

    private mutating func sendCheckpoint() async throws {
        let isDue = owesCheckpoint || ContinuousClock.now >= nextAnnouncement
        guard isDue, keeper.halted == nil, let record = keeper.record() else { return }
        owesCheckpoint = !(try await publisher.send(record))
        if !owesCheckpoint { nextAnnouncement = .now + relay.options.announcementInterval }
    }

    private func noteCheckpoint() {
        if let halted = keeper.halted {
            relay.logger.critical("no more checkpoints are signed", metadata: ["reason": "\(halted)"])
        }
        relay.update { status in
            status.checkpointSize = keeper.size
            status.signingHalted = keeper.halted.map(\.description)
        }
    }
}
