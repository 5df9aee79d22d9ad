/// A point on the earth in WGS-84, degrees north and east.
struct Place: Hashable, Sendable {
    let latitude: Double
    let longitude: Double

    /// `22.605,113.073`: latitude first, at most six decimals.
    init?(text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let latitude = Self.degrees(parts[0], upTo: 90),
            let longitude = Self.degrees(parts[1], upTo: 180)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }

    private static func degrees(_ text: Substring, upTo limit: Double) -> Double? {
        let digits = text.first == "-" ? text.dropFirst() : text
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts[0].count <= 3, parts.count == 1 || parts[1].count <= 6, let value = Double(text), abs(value) <= limit
        else { return nil }
        return value
    }
}
