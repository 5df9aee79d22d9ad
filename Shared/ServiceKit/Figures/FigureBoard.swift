import Calendar
import Concurrency
import Logging
import Metrics
import Postgres
import Synchronization

/// Reads the domain's figures and sets their gauges.
public final class FigureBoard: Sendable {
    /// Twice in each scrape of 30 s, and cheap enough to be read by every replica.
    static let interval: Duration = .seconds(15)

    private let figures: [DomainFigure]
    private let pool: PostgresPool
    private let clock: any WallClock
    private let logger: Logger
    /// Labels that were ever shown, by figure: what is no longer found is 0, not what it was.
    private let known = Mutex([String: Set<String>]())

    /// - Parameter own: the service's figures, besides those of every service.
    public init(own: [DomainFigure], pool: PostgresPool, clock: any WallClock, logger: Logger) {
        figures = CommonFigures.all + own
        self.pool = pool
        self.clock = clock
        self.logger = logger
    }

    /// The loop that reads them until the service is shut down.
    var loop: RepeatedWork {
        RepeatedWork("figures read", every: Self.interval, logger: logger) { [self] in
            try await read()
            return 0
        }
    }

    /// All of them, once. The first that cannot be read ends it: the time of the last complete reading is a gauge, too.
    public func read() async throws {
        let now = clock.now()
        for figure in figures {
            let samples = try await figure.read(pool, at: now)
            show(figure, samples)
        }
        if let backup = try await OperationsStore(pool: pool).backups(limit: 1).first {
            Gauge(label: "backup_finished_timestamp_seconds").record(backup.finishedAt.microseconds / 1_000_000)
        }
        Gauge(label: "figures_read_timestamp_seconds").record(now.microseconds / 1_000_000)
    }

    private func show(_ figure: DomainFigure, _ samples: [DomainFigure.Sample]) {
        guard let dimension = figure.dimension else {
            if let value = samples.first?.value { Gauge(label: figure.name).record(value) }
            return
        }
        let labels = known.withLock { known in
            known[figure.name, default: Set(figure.labels)].formUnion(samples.compactMap(\.label))
            return known[figure.name] ?? []
        }
        let values = Dictionary(samples.map { ($0.label ?? "", $0.value ?? 0) }, uniquingKeysWith: +)
        for label in labels {
            Gauge(label: figure.name, dimensions: [(dimension, label)]).record(values[label] ?? 0)
        }
    }
}
