import Foundation
import ServiceKit

/// Where a reader of a list stopped: the values of the order's columns in the last row, as an opaque text.
enum ListCursor {
    static func text(_ values: [String]) throws -> String {
        let json = try JSONEncoder().encode(values)
        return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static let maximumLength = 1_000

    static func values(_ text: String) throws -> [String] {
        guard text.utf8.count <= maximumLength else { throw malformed }
        var base = text.replacing("-", with: "+").replacing("_", with: "/")
        while base.utf8.count % 4 != 0 { base += "=" }
        guard let data = Data(base64Encoded: base) else { throw malformed }
        do {
            let values = try JSONDecoder().decode([String].self, from: data)
            guard values.allSatisfy({ !$0.utf8.contains(0) }) else { throw malformed }
            return values
        } catch is DecodingError {
            throw malformed
        }
    }

    static let malformed = Problem.invalid(
        "after", code: "not_a_cursor", zh: "游标无效，请从头读取。", en: "This is not a cursor of this list.",
        allowed: "next")
}
