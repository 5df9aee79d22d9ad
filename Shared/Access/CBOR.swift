/// The part of CBOR (RFC 8949) that authenticators speak: integers, byte and text strings, arrays, maps, booleans, of
/// definite length. Anything else, anything nested deeper than eight levels and anything left over is refused.
public enum CBOR: Hashable, Sendable {
    case integer(Int64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([CBOR: CBOR])
    case boolean(Bool)

    public struct Malformed: Error {}

    /// The first value and the number of bytes it took.
    public static func first(of bytes: [UInt8]) throws -> (value: CBOR, length: Int) {
        var reader = Reader(bytes: bytes)
        let value = try reader.value(depth: 0)
        return (value, reader.position)
    }

    public subscript(key: CBOR) -> CBOR? {
        guard case .map(let entries) = self else { return nil }
        return entries[key]
    }

    public var bytesValue: [UInt8]? {
        guard case .bytes(let bytes) = self else { return nil }
        return bytes
    }

    private struct Reader {
        private static let deepest = 8
        let bytes: [UInt8]
        var position = 0

        private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
            guard count >= 0, count <= bytes.count - position else { throw Malformed() }
            defer { position += count }
            return bytes[position..<position + count]
        }

        private mutating func argument(_ information: UInt8) throws -> Int64 {
            switch information {
            case 0..<24: return Int64(information)
            case 24, 25, 26, 27:
                let number = try take(1 << Int(information - 24)).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                guard let value = Int64(exactly: number) else { throw Malformed() }
                return value
            default: throw Malformed()
            }
        }

        private mutating func count(_ information: UInt8) throws -> Int {
            let number = try argument(information)
            // Every element takes a byte at least: a longer list cannot be there.
            guard number <= Int64(bytes.count - position) else { throw Malformed() }
            return Int(number)
        }

        mutating func value(depth: Int) throws -> CBOR {
            guard depth < Self.deepest, let head = try take(1).first else { throw Malformed() }
            let information = head & 31
            switch head >> 5 {
            case 0: return .integer(try argument(information))
            case 1: return .integer(-1 - (try argument(information)))
            case 2: return .bytes(Array(try take(try count(information))))
            case 3:
                guard let text = String(validating: try take(try count(information)), as: UTF8.self) else {
                    throw Malformed()
                }
                return .text(text)
            case 4:
                let length = try count(information)
                var items: [CBOR] = []
                for _ in 0..<length { items.append(try value(depth: depth + 1)) }
                return .array(items)
            case 5:
                let length = try count(information)
                var entries: [CBOR: CBOR] = [:]
                for _ in 0..<length {
                    let key = try value(depth: depth + 1)
                    let item = try value(depth: depth + 1)
                    guard entries.updateValue(item, forKey: key) == nil else { throw Malformed() }
                }
                return .map(entries)
            case 7 where information == 20: return .boolean(false)
            case 7 where information == 21: return .boolean(true)
            default: throw Malformed()
            }
        }
    }
}
