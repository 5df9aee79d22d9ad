import HummingbirdTesting
import Metrics
import ServiceKit
import TestSupport
import Testing

/// The Prometheus text format.
@Suite struct ExpositionTests {
    @Test func countersGaugesAndHistograms() {
        let registry = PrometheusRegistry()
        Counter(label: "jobs.done", dimensions: [("queue", "a\"b\\c\nd")], factory: registry).increment(by: 3)
        Gauge(label: "lag", factory: registry).record(2.5)
        Meter(label: "in_flight", factory: registry).increment(by: 2)
        let timer = Timer(label: "request_seconds", dimensions: [("route", "/x")], factory: registry)
        timer.recordMilliseconds(20)
        timer.recordMilliseconds(300)
        let text = registry.exposition()
        #expect(text.contains("# TYPE jobs_done counter\njobs_done{queue=\"a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("# TYPE lag gauge\nlag 2.5\n"))
        #expect(text.contains("in_flight 2\n"))
        #expect(text.contains("request_seconds_bucket{route=\"/x\",le=\"0.01\"} 0\n"))
        #expect(text.contains("request_seconds_bucket{route=\"/x\",le=\"0.025\"} 1\n"))
        #expect(text.contains("request_seconds_bucket{route=\"/x\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("request_seconds_sum{route=\"/x\"} 0.32\n"))
        #expect(text.contains("request_seconds_count{route=\"/x\"} 2\n"))
    }

    @Test func everyLineHasTheFormOfTheFormat() throws {
        let registry = PrometheusRegistry()
        Counter(label: "1 strange-näme", dimensions: [("läbel-x", "值")], factory: registry).increment()
        Timer(label: "t", factory: registry).recordSeconds(1)
        let sample =
            /[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="[^"\n]*"(,[a-zA-Z_][a-zA-Z0-9_]*="[^"\n]*")*\})? [0-9.eE+-]+/
        for line in registry.exposition().split(separator: "\n") where !line.hasPrefix("# TYPE ") {
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
        }
    }

    @Test func theSameSeriesIsOneSeries() {
        let registry = PrometheusRegistry()
        for _ in 0..<5 { Counter(label: "n", dimensions: [("b", "1"), ("a", "2")], factory: registry).increment() }
        Counter(label: "n", dimensions: [("a", "2"), ("b", "1")], factory: registry).increment()
        #expect(registry.exposition() == "# TYPE n counter\nn{a=\"2\",b=\"1\"} 6\n")
    }
}
