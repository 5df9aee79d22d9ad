import Metrics

/// Connections of a pool at one moment.
struct PoolFigures: Sendable {
    let open: Int
    let inUse: Int
    let waiting: Int
}

/// `postgres_pool_connections`, `_in_use`, `_waiting` and the time callers waited, by schema.
struct PoolMetrics: Sendable {
    private let open: Gauge
    private let inUse: Gauge
    private let waiting: Gauge
    private let wait: Timer

    init(schema: String) {
        let dimensions = [("schema", schema)]
        open = Gauge(label: "postgres_pool_connections", dimensions: dimensions)
        inUse = Gauge(label: "postgres_pool_in_use", dimensions: dimensions)
        waiting = Gauge(label: "postgres_pool_waiting", dimensions: dimensions)
        wait = Timer(label: "postgres_pool_wait", dimensions: dimensions)
    }

    func record(_ figures: PoolFigures) {
        open.record(figures.open)
        inUse.record(figures.inUse)
        waiting.record(figures.waiting)
    }

    func recordWait(_ duration: Duration) {
        wait.recordNanoseconds(
            duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }
}
