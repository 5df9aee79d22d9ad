/// One series of the exposition.
protocol PrometheusSeries: AnyObject, Sendable {
    /// `counter`, `gauge`, `histogram`.
    var kind: String { get }
    /// Sample lines with line ends.
    func lines(_ key: SeriesKey) -> String
}

/// Numbers as Prometheus reads them: whole numbers without a fraction.
enum SampleNumber {
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return String(Int64(value)) }
        return String(value)
    }
}
