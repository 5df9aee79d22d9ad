import Calendar
import Concurrency
import Contracts
import Crypto
import Journal
import Kafka
import Logging
import Postgres
import TestSupport

/// A journal in a database of its own.
struct JournalFixture: Sendable {
    static let service = "registry"
    static let schema = "registry"
    static let now = Instant(microseconds: 1_795_400_000_000_000)
    static let context = EventContext(actor: .person(PersonID("p1")), correlationId: "c1", traceparent: "00-aa-bb-01")

    let database: ScratchDatabase
    let pool: PostgresPool
    let signer: CheckpointSigner

    static func with(
        poolSize: Int = 4, _ body: @Sendable (JournalFixture) async throws -> Void
    ) async throws {
        let database = try await ScratchPostgres.database()
        try await database.migrate(schema: schema, JournalMigrations.all)
        let pool = database.pool(schema: schema, poolSize: poolSize)
        let signer = try CheckpointSigner(
            origin: "brightkitchen.example/registry", privateKey: Curve25519.Signing.PrivateKey())
        do {
            try await body(JournalFixture(database: database, pool: pool, signer: signer))
            await pool.close()
            try await database.drop()
        } catch {
            await pool.close()
            throw error
        }
    }

    func publish(_ events: [any Event]) async throws {
        try await pool.transaction { transaction in
            _ = try await transaction.publish(events, Self.context, occurredAt: Self.now)
        }
    }

    func log(_ type: String, subject: String) async throws {
        try await pool.transaction { transaction in
            _ = try await transaction.record(type, subject: subject, data: ["a": 1], Self.context, occurredAt: Self.now)
        }
    }

    func relay(
        _ broker: MockBroker, steps: Steps<RelayStep> = Steps(), pool: PostgresPool? = nil,
        configure: (inout RelayOptions) -> Void = { _ in },
        observe: @escaping @Sendable (RelayStep) async throws -> Void = { _ in }
    ) -> Relay {
        var options = RelayOptions()
        options.checkpointInterval = .zero
        options.inspectionInterval = .milliseconds(200)
        configure(&options)
        return Relay(
            service: Self.service, database: database.configuration(schema: Self.schema), pool: pool ?? self.pool,
            kafka: broker.configuration("relay"), signer: signer, options: options, logger: .quiet("relay")
        ) { step in
            steps.add(step)
            try await observe(step)
        }
    }

    func verifier() -> JournalVerifier {
        JournalVerifier(service: Self.service, pool: pool, keys: [signer.key])
    }

    func int(_ sql: SQL) async throws -> Int {
        try await pool.first(sql) { try $0["n"] } ?? -1
    }

    /// Writes as superuser with the triggers switched off: what an attacker with the database in hand can do.
    func tamper(_ sql: SQL...) async throws {
        try await pool.transaction { transaction in
            try await transaction.execute("SET LOCAL session_replication_role = replica")
            for statement in sql { try await transaction.execute(statement) }
        }
    }

    /// Sequences and signs everything that is pending, without a broker.
    func sequenceAll() async throws {
        try await JournalTestHooks.sequence(self)
    }
}

/// Runs a service next to the body and ends it afterwards.
func running<T: Sendable>(
    _ run: @escaping @Sendable () async throws -> Void, _ body: @Sendable () async throws -> T
) async throws -> T {
    let task = Task { try await run() }
    do {
        let value = try await body()
        task.cancel()
        try await task.value
        return value
    } catch {
        task.cancel()
        throw error
    }
}
