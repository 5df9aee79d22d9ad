/// A value of the JSON interface of master tables.
enum FieldValue: Codable, Hashable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case words([String])
    case none

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let flag = Self.attempt({ try container.decode(Bool.self) }) {
            self = .flag(flag)
        } else if let number = Self.attempt({ try container.decode(Int.self) }) {
            self = .number(number)
        } else if let words = Self.attempt({ try container.decode([String].self) }) {
            self = .words(words)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    private static func attempt<Value>(_ decode: () throws -> Value) -> Value? {
        do { return try decode() } catch { return nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .flag(let flag): try container.encode(flag)
        case .words(let words): try container.encode(words)
        case .none: try container.encodeNil()
        }
    }

    /// As a clerk would write it into a cell.
    var cell: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): flag ? "是" : "否"
        case .words(let words): words.joined(separator: "、")
        case .none: ""
        }
    }
}
