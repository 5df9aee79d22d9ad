import Foundation

/// As much of JSON Schema 2020-12 as the event schemas use. A keyword it does not know is an error, so that nothing in a
/// schema goes unchecked.
struct JSONSchema {
    struct UnknownKeyword: Error {
        var name: String
    }

    private static let annotations: Set<String> = ["$schema", "$id", "title", "description", "format"]

    let schema: JSONValue

    /// What is wrong with the value; empty = valid.
    func faults(in value: JSONValue, at path: String = "$") throws -> [String] {
        var faults: [String] = []
        for (keyword, argument) in schema.object.sorted(by: { $0.key < $1.key }) {
            switch keyword {
            case _ where Self.annotations.contains(keyword): continue
            case "type":
                if !Self.matches(value, argument.string) { faults.append("\(path): not \(argument.string ?? "?")") }
            case "const": if value != argument { faults.append("\(path): not the constant") }
            case "enum": if !argument.array.contains(value) { faults.append("\(path): not one of the allowed values") }
            case "pattern":
                if let text = value.string, let pattern = argument.string, try !Self.find(pattern, in: text) {
                    faults.append("\(path): does not match \(pattern)")
                }
            case "minLength":
                if let text = value.string, case .integer(let least) = argument, text.count < least {
                    faults.append("\(path): too short")
                }
            case "minimum":
                if let number = value.double, let least = argument.double, number < least {
                    faults.append("\(path): too small")
                }
            case "maximum":
                if let number = value.double, let most = argument.double, number > most {
                    faults.append("\(path): too large")
                }
            case "items":
                for (index, item) in value.array.enumerated() {
                    faults += try JSONSchema(schema: argument).faults(in: item, at: "\(path)[\(index)]")
                }
            case "properties":
                for (name, property) in argument.object {
                    guard let field = value.object[name] else { continue }
                    faults += try JSONSchema(schema: property).faults(in: field, at: "\(path).\(name)")
                }
            case "required":
                for name in argument.array.compactMap(\.string) where value.object[name] == nil {
                    faults.append("\(path): \(name) is missing")
                }
            default: throw UnknownKeyword(name: keyword)
            }
        }
        return faults
    }

    private static func find(_ pattern: String, in text: String) throws -> Bool {
        try Regex(pattern).firstMatch(in: text) != nil
    }

    private static func matches(_ value: JSONValue, _ type: String?) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .integer),
            ("number", .integer), ("number", .number), ("null", .null):
            true
        default: false
        }
    }
}
