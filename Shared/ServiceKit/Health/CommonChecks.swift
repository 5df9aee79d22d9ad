import Journal
import Postgres

/// What every service needs to be ready: its database, its broker with the topics, its relay, its consumer.
enum CommonChecks {
    /// Entries waiting to be published, and records waiting to be taken in, above which traffic should go elsewhere.
    static let lagLimit = 10_000

    static func all(
        pool: PostgresPool, topics: TopicCheck, relay: Relay, consumer: EventConsumer
    ) -> [ReadinessCheck] {
        [
            ReadinessCheck("database") {
                _ = try await pool.query("SELECT 1 AS one") { row -> Int in try row["one"] }
                return "answers"
            },
            ReadinessCheck("broker") {
                switch topics.state {
                case .notAnswered: return "not asked yet"
                case .failed(let reason): throw NotReady(reason)
                case .found(let survey):
                    let found = "\(survey.topics) topics"
                    return survey.differences.isEmpty
                        ? found : "\(found); \(survey.differences.joined(separator: "; "))"
                }
            },
            ReadinessCheck("relay") {
                let status = relay.status
                if let error = status.lastError { throw NotReady("pending \(status.pending), \(error)") }
                if let halted = status.signingHalted { throw NotReady("no checkpoints are signed: \(halted)") }
                guard status.pending <= lagLimit else { throw NotReady("pending \(status.pending)") }
                return "pending \(status.pending), \(status.isLeading ? "leading" : "standing by")"
            },
            ReadinessCheck("consumer") {
                let status = consumer.status
                if let error = status.lastError { throw NotReady(error) }
                guard let lag = status.lag else { return "no lag known yet" }
                guard lag <= lagLimit else { throw NotReady("lag \(lag)") }
                return "lag \(lag), parked \(status.parkedStreams), incomplete \(status.incompleteStreams)"
            },
        ]
    }
}
