import Metrics
import Synchronization

/// Collects swift-metrics and writes them in the Prometheus text format (version 0.0.4).
///
/// Names are as given, with characters that Prometheus does not take replaced by `_`. Counters, gauges, and histograms
/// for timers (in seconds) and aggregating recorders.
public final class PrometheusRegistry: Sendable {
    public static let shared = PrometheusRegistry()

    /// Upper bounds in seconds: 1 ms … 10 s covers requests, statements and deliveries.
    static let buckets: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct State {
        var series: [SeriesKey: any PrometheusSeries] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// Makes this registry the one that swift-metrics writes to. Once per process.
    public func bootstrap() { MetricsSystem.bootstrap(self) }

    /// Everything collected, sorted by name and labels: the same state gives the same text.
    public func exposition() -> String {
        let series = state.withLock { Array($0.series) }
        let byName = Dictionary(grouping: series, by: \.key.name)
        var text = ""
        for name in byName.keys.sorted() {
            let group = (byName[name] ?? []).sorted { $0.key.labels < $1.key.labels }
            guard let kind = group.first?.value.kind else { continue }
            text += "# TYPE \(name) \(kind)\n"
            for (key, series) in group where series.kind == kind { text += series.lines(key) }
        }
        return text
    }

    private func series<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let key = SeriesKey(label, dimensions)
        return state.withLock { state in
            if let known = state.series[key] as? Series { return known }
            let new = make()
            if state.series[key] == nil { state.series[key] = new }
            return new
        }
    }
}

extension PrometheusRegistry: MetricsFactory {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions) { CounterSeries() }
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions) { CounterSeries() }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions) { GaugeSeries() }
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return series(label, dimensions) { HistogramSeries(bounds: Self.buckets) } }
        return series(label, dimensions) { GaugeSeries() }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions) { HistogramSeries(bounds: Self.buckets) }
    }

    // Series live as long as the process: a counter that went away and came back would look like a reset.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
