/// Which platforms may report, and for which divisions: `TELEMETRY_PLATFORMS=vms-heshan=440784,city-vms=4407`.
struct TelemetryPlatforms: Sendable {
    /// Leading digits of a division code, as a number and the divisor that leaves them.
    private struct Prefix: Sendable {
        let digits: UInt32
        let divisor: UInt32
    }

    private let prefixes: [String: [Prefix]]

    var names: [String] { prefixes.keys.sorted() }

    /// Nobody may report.
    init() { prefixes = [:] }

    /// nil when the text is not `name=digits[+digits…]`, separated by commas.
    init?(_ text: String) {
        var prefixes: [String: [Prefix]] = [:]
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            let codes = parts[1].split(separator: "+", omittingEmptySubsequences: false)
            let found = codes.compactMap { code -> Prefix? in
                guard (2...6).contains(code.utf8.count), let digits = UInt32(code) else { return nil }
                var divisor: UInt32 = 1
                for _ in code.utf8.count..<6 { divisor *= 10 }
                return Prefix(digits: digits, divisor: divisor)
            }
            guard found.count == codes.count else { return nil }
            prefixes[String(parts[0])] = found
        }
        self.prefixes = prefixes
    }

    /// nil: no such platform.
    func mayReport(_ platform: String) -> ((UInt32) -> Bool)? {
        guard let allowed = prefixes[platform] else { return nil }
        return { division in allowed.contains { division / $0.divisor == $0.digits } }
    }
}
