import Contracts

/// Where a canteen lies, as its roster says it.
public struct Position: Hashable, Sendable {
    /// Mainland China with its seas: a latitude and a longitude that were swapped lie outside.
    static let latitudes = 3.0...54.0
    static let longitudes = 73.0...136.0

    /// Degrees north and east, six decimals (a hand's breadth).
    public var latitude: Double
    public var longitude: Double
    public var system: CoordinateSystem

    static func latitude(_ text: String, _ column: String) throws(ValueFault) -> Double {
        try degrees(text, column, latitudes, "纬度，十进制度，3–54，最多 6 位小数，如 22.605312")
    }

    static func longitude(_ text: String, _ column: String) throws(ValueFault) -> Double {
        try degrees(text, column, longitudes, "经度，十进制度，73–136，最多 6 位小数，如 113.072941")
    }

    static func system(_ text: String, _ column: String) throws(ValueFault) -> CoordinateSystem {
        switch text.uppercased() {
        case "WGS84", "WGS-84", "CGCS2000": return .wgs84
        case "GCJ02", "GCJ-02": return .gcj02
        default:
            throw ValueFault(.positionFormat, column: column, value: text, allowed: "WGS-84（或 CGCS2000）、GCJ-02")
        }
    }

    private static func degrees(
        _ text: String, _ column: String, _ range: ClosedRange<Double>, _ allowed: String
    ) throws(ValueFault) -> Double {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain =
            parts.count <= 2
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.count <= 6 && $0.utf8.allSatisfy { (48...57).contains($0) } }
        guard isPlain, let value = Double(text), range.contains(value) else {
            throw ValueFault(.positionFormat, column: column, value: String(text.prefix(40)), allowed: allowed)
        }
        return value
    }
}

extension CoordinateSystem {
    /// As rosters write it.
    var chinese: String {
        switch self {
        case .wgs84: "WGS-84"
        case .gcj02: "GCJ-02"
        }
    }
}
