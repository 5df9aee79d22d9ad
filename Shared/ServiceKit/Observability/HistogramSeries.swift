import Metrics
import Synchronization

/// A distribution over fixed buckets.
final class HistogramSeries: PrometheusSeries, TimerHandler, RecorderHandler {
    private struct State {
        var counts: [Int64]
        var sum = 0.0
        var count: Int64 = 0
    }

    let kind = "histogram"
    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            if let bucket = bounds.firstIndex(where: { value <= $0 }) { state.counts[bucket] += 1 }
            state.sum += value
            state.count += 1
        }
    }

    func lines(_ key: SeriesKey) -> String {
        let state = state.withLock { $0 }
        var text = ""
        var cumulative: Int64 = 0
        for (bound, count) in zip(bounds, state.counts) {
            cumulative += count
            text += "\(key.sample("_bucket", extra: "le=\"\(SampleNumber.text(bound))\"")) \(cumulative)\n"
        }
        text += "\(key.sample("_bucket", extra: "le=\"+Inf\"")) \(state.count)\n"
        text += "\(key.sample("_sum")) \(SampleNumber.text(state.sum))\n"
        text += "\(key.sample("_count")) \(state.count)\n"
        return text
    }
}
