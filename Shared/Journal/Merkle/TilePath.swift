/// A resource of the C2SP `tlog-tiles` read surface, and its path below the log's prefix.
///
/// `tile/<level>/<index>[.p/<width>]` holds up to 256 hashes, `tile/entries/<index>[.p/<width>]` up to 256 entries.
/// The index is written in groups of three digits, all but the last with an `x` before them: 1234067 is
/// `x001/x234/067`.
public enum TilePath: Hashable, Sendable {
    case checkpoint
    case hashes(level: Int, index: UInt64, width: Int)
    case entries(index: UInt64, width: Int)

    public static let fullWidth = 256
    /// `tlog-tiles`: levels 0 … 63; above 7 no tile of a tree with a 64-bit size can exist.
    static let maximumLevel = 63

    /// nil for anything that is not exactly one of the paths above.
    public init?(path: String) {
        if path == "checkpoint" {
            self = .checkpoint
            return
        }
        var parts = path.split(separator: Character("/"), omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts.removeFirst() == "tile" else { return nil }
        let kind = parts.removeFirst()
        var width = Self.fullWidth
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let partial = Self.number(parts.removeLast(), upTo: Self.fullWidth - 1), partial > 0 else {
                return nil
            }
            width = partial
            parts[parts.count - 1].removeLast(2)
        }
        guard let index = Self.index(parts) else { return nil }
        if kind == "entries" {
            self = .entries(index: index, width: width)
        } else if let level = Self.number(kind, upTo: Self.maximumLevel) {
            self = .hashes(level: level, index: index, width: width)
        } else {
            return nil
        }
    }

    public var path: String {
        switch self {
        case .checkpoint: "checkpoint"
        case .hashes(let level, let index, let width): "tile/\(level)/\(Self.suffix(index, width))"
        case .entries(let index, let width): "tile/entries/\(Self.suffix(index, width))"
        }
    }

    private static func suffix(_ index: UInt64, _ width: Int) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        let path = groups.reversed().enumerated()
            .map { $0.offset + 1 < groups.count ? "x" + $0.element : $0.element }
            .joined(separator: "/")
        return width == fullWidth ? path : "\(path).p/\(width)"
    }

    /// Decimal without sign or leading zeros.
    private static func number(_ text: String, upTo maximum: Int) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || !text.hasPrefix("0"),
            let value = Int(text), value <= maximum
        else { return nil }
        return value
    }

    private static func index(_ groups: [String]) -> UInt64? {
        guard !groups.isEmpty, groups.count <= 6 else { return nil }
        var value: UInt64 = 0
        for (offset, group) in groups.enumerated() {
            let isLast = offset + 1 == groups.count
            guard group.hasPrefix("x") != isLast else { return nil }
            let digits = isLast ? Substring(group) : group.dropFirst()
            guard digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt64(digits)
            else { return nil }
            // `x000/…` would be a second name for a shorter path.
            if offset == 0 && !isLast && number == 0 { return nil }
            value = value * 1000 + number
        }
        return value
    }
}
