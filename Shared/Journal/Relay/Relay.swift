import Calendar
import Concurrency
import Kafka
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization

/// Carries a service's journal to Kafka: sequence → Merkle leaf → send → acknowledge → checkpoint.
///
/// One relay of a schema is active at a time, held by an advisory lock on a connection of its own; others stand by.
/// When that connection is lost the relay stops at once and contends again. Delivery is at least once and in order of
/// each key.
public final class Relay: Service {
    let service: String
    let database: PostgresConfiguration
    let pool: PostgresPool
    let kafka: KafkaConfiguration
    let signer: CheckpointSigner
    let options: RelayOptions
    let clock: any WallClock
    let logger: Logger
    let observe: @Sendable (RelayStep) async throws -> Void
    private let current = Mutex(RelayStatus())
    private let work = Signal()
    private let stopRequested = Signal()
    private let stopping = Atomic(false)
    private let metrics: RelayMetrics

    /// - Parameters:
    ///   - service: e.g. `registry`; makes the events' source `urn:brightkitchen:registry`.
    ///   - database: for the relay's own connection; its schema is the journal's.
    ///   - observe: called after each step; a throw is treated as a failure at that point.
    public init(
        service: String, database: PostgresConfiguration, pool: PostgresPool, kafka: KafkaConfiguration,
        signer: CheckpointSigner, options: RelayOptions = RelayOptions(), clock: any WallClock = SystemClock(),
        logger: Logger, observe: @escaping @Sendable (RelayStep) async throws -> Void = { _ in }
    ) {
        self.service = service
        self.database = database
        self.pool = pool
        self.kafka = kafka
        self.signer = signer
        self.options = options
        self.clock = clock
        self.observe = observe
        var logger = logger
        logger[metadataKey: "relay"] = "\(database.schema)"
        self.logger = logger
        metrics = RelayMetrics(schema: database.schema)
    }

    public var status: RelayStatus { current.withLock { $0 } }
    /// Entries waiting to be sequenced or sent.
    public var lag: Int { status.pending }

    /// There is something to do. Called by itself after each commit of this process.
    public func kick() { work.send() }

    /// Runs until graceful shutdown (the batch in hand is finished, within the limit) or cancellation.
    public func run() async throws {
        AppendAnnouncements.shared.add(work)
        defer { AppendAnnouncements.shared.remove(work) }
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.contend() }
                group.addTask {
                    await self.stopRequested.wait()
                    // Only a batch that the broker does not answer needs the whole of it.
                    await Signal().wait(atMost: self.options.shutdownLimit)
                }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stopping.store(true, ordering: .releasing)
            self.stopRequested.send()
            self.work.send()
        }
        current.withLock { $0.isLeading = false }
    }

    var isStopping: Bool { stopping.load(ordering: .acquiring) || Task.isCancelled }

    private func contend() async {
        var backoff = Backoff(base: .milliseconds(50), maximum: .seconds(1))
        while !isStopping {
            do {
                let connection = try await PostgresConnection.open(lockConfiguration)
                do {
                    if try await standBy(connection) {
                        backoff.reset()
                        try await lead(connection)
                    }
                    await connection.close()
                } catch {
                    await connection.close()
                    throw error
                }
            } catch {
                update { $0.isLeading = false }
                guard !isStopping else { return }
                update { $0.lastError = String(describing: error) }
                logger.warning("relay interrupted, will contend again", metadata: ["error": "\(error)"])
                await Signal().wait(atMost: backoff.next())
            }
        }
    }

    /// Waits for the lock; false when it is time to stop.
    private func standBy(_ connection: PostgresConnection) async throws -> Bool {
        while !isStopping {
            if try await Self.tryLock(connection, schema: database.schema) { return true }
            try await refreshFigures(parkedKeys: nil)
            update { $0.lastError = nil }
            await stopRequested.wait(atMost: options.pollInterval)
        }
        return false
    }

    private var lockConfiguration: PostgresConfiguration {
        var configuration = database
        configuration.applicationName += "-relay"
        return configuration
    }

    private static func tryLock(_ connection: PostgresConnection, schema: String) async throws -> Bool {
        try await connection.first(
            "SELECT pg_try_advisory_lock(hashtextextended(\("bright-kitchen relay " + schema), 0)) AS locked"
        ) { try $0["locked"] } ?? false
    }

    /// Works as the one active relay. Returns at graceful shutdown; throws when the lock or anything else is lost.
    private func lead(_ connection: PostgresConnection) async throws {
        update { $0.isLeading = true }
        defer { update { $0.isLeading = false } }
        try await observe(.leading)
        let credentials = kafka.credentialsFingerprint
        let publisher = try await Publisher(
            service: service, pool: pool, kafka: kafka, logger: logger, observe: observe)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var leadership = try await RelayLeadership(self, connection, publisher)
                    try await leadership.run()
                }
                group.addTask { try await self.watch(connection, credentials) }
                defer { group.cancelAll() }
                try await group.next()
            }
            await publisher.close()
        } catch {
            await publisher.close()
            throw error
        }
    }

    /// Throws soon after the connection with the lock is lost, or our credentials are replaced, also while a batch waits
    /// for the broker.
    private func watch(_ connection: PostgresConnection, _ credentials: [String]) async throws {
        while true {
            try await Task.sleep(for: .seconds(1))
            try await connection.execute("SELECT 1")
            if kafka.credentialsFingerprint != credentials { throw KafkaError.credentialsReplaced }
        }
    }

    // MARK: what the leadership needs

    /// Waits for something to do: a commit in this process, or the next poll.
    func waitForWork() async {
        await work.wait(atMost: options.pollInterval)
    }

    func update(_ change: (inout RelayStatus) -> Void) {
        let status = current.withLock { status in
            change(&status)
            return status
        }
        metrics.record(status)
    }

    func noteDelivered(_ count: Int) {
        metrics.delivered.increment(by: count)
    }

    func refreshFigures(parkedKeys: Int?) async throws {
        let pending = try await pool.first("SELECT count(*) AS n FROM journal_pending") { try $0["n"] as Int } ?? 0
        update { status in
            status.pending = pending
            if let parkedKeys { status.parkedKeys = parkedKeys }
        }
    }
}
