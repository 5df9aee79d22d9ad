import Metrics
import Synchronization

/// A value that only grows.
final class CounterSeries: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    let kind = "counter"
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) {
        guard amount > 0 else { return }
        value.withLock { $0 += amount }
    }

    func reset() { value.withLock { $0 = 0 } }

    func lines(_ key: SeriesKey) -> String {
        "\(key.sample()) \(SampleNumber.text(value.withLock { $0 }))\n"
    }
}
