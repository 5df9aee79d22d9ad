import ArgumentParser
import Calendar
import Contracts
import Foundation
import Journal
import Kafka
import Logging
import Postgres

/// The schema that a measurement works in, with the settings of a service.
struct ScratchJournal: ParsableArguments {
    @Option(help: "Connection of a role that owns the database.")
    var database: String
    @Option(help: "Schema; holds a journal, the table `thing` (a domain table) and the table `seen` (a projection).")
    var schema = "bench"
    @Option(help: "host:port of the broker.")
    var bootstrap = ""
    @Option(help: "Topic of the events.")
    var topic = "brightkitchen.bench.v1"

    static let context = EventContext(
        actor: .system("bench"), correlationId: "0192f0c1-7a3b-7def-8123-456789abcdef",
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")

    static let tables = Migration(
        name: "V001_bench",
        sql: """
            CREATE TABLE thing (id text PRIMARY KEY, state text NOT NULL, changed_at timestamptz NOT NULL);
            CREATE TABLE seen (key text PRIMARY KEY, number bigint NOT NULL, version bigint NOT NULL, text text NOT NULL);
            """)

    var logger: Logger {
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        return logger
    }

    func configuration(poolSize: Int = 8) -> PostgresConfiguration {
        PostgresConfiguration(url: database, schema: schema, poolSize: poolSize, applicationName: "bench")
    }

    func pool(size: Int = 8) -> PostgresPool {
        PostgresPool(configuration(poolSize: size), logger: logger)
    }

    var kafka: KafkaConfiguration { KafkaConfiguration(bootstrap: bootstrap, clientId: "bench") }

    func signer() throws -> CheckpointSigner {
        try CheckpointSigner(
            origin: "brightkitchen.example/bench", base64Seed: Data(repeating: 7, count: 32).base64EncodedString())
    }
}
