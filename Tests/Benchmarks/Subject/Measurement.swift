import Foundation

/// Time and processor time of a stretch of work.
struct Measurement {
    private let began = ContinuousClock.now
    private let processor = Measurement.processorSeconds()

    /// Prints one line of JSON: how many, how long, how many a second, microseconds of processor for each.
    func report(_ count: Int, _ more: [String: Double] = [:]) throws {
        let seconds = Self.seconds(ContinuousClock.now - began)
        var figures = more
        figures["count"] = Double(count)
        figures["seconds"] = seconds
        figures["per_s"] = Double(count) / seconds
        figures["cpu_us_each"] = (Self.processorSeconds() - processor) * 1_000_000 / Double(max(1, count))
        let line = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys])
        FileHandle.standardOutput.write(line + Data("\n".utf8))
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
