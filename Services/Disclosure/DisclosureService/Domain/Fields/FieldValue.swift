/// A checked value of a field.
enum FieldValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    /// Digests of files.
    case files([String])

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var files: [String] {
        if case .files(let files) = self { files } else { [] }
    }
}

extension FieldValue: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = .text(try container.decode(String.self))
        } catch DecodingError.typeMismatch {
            do {
                self = .integer(try container.decode(Int.self))
            } catch DecodingError.typeMismatch {
                self = .files(try container.decode([String].self))
            }
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .files(let files): try container.encode(files)
        }
    }
}
