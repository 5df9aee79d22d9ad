import Hummingbird

/// A slice of a list as asked for by `?page=2&per_page=50`; lists are never cut silently: they carry the total.
public struct PageRequest: Hashable, Sendable {
    public static let defaultSize = 25
    public static let maximumSize = 200
    public let number: Int
    public let size: Int

    public init(number: Int = 1, size: Int = defaultSize) {
        self.number = number
        self.size = size
    }

    /// 422 for numbers out of range.
    public init(_ request: Request) throws {
        number = try Self.integer(request, "page", default: 1, in: 1...100_000)
        size = try Self.integer(request, "per_page", default: Self.defaultSize, in: 1...Self.maximumSize)
    }

    public var offset: Int { (number - 1) * size }

    private static func integer(
        _ request: Request, _ name: String, default fallback: Int, in range: ClosedRange<Int>
    ) throws -> Int {
        guard let text = try request.query(name) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw Problem.invalid(
                name, code: "not_in_range", zh: "页码超出范围。", en: "The page number is out of range.",
                allowed: "\(range.lowerBound)…\(range.upperBound)")
        }
        return value
    }
}
