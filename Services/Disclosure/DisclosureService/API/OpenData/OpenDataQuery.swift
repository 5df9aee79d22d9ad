import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Reads the parameters of the open interface: what is not known is refused with the list of what is, never ignored.
struct OpenDataQuery {
    private let values: [String: String]

    /// 400 `unknown_parameter` naming it and all that are known.
    init(_ request: Request, known: [String]) throws {
        var values: [String: String] = [:]
        for pair in request.uri.queryParameters {
            let name = String(pair.key)
            guard known.contains(name) else {
                throw Problem(
                    .badRequest, code: "unknown_parameter",
                    detail: LocalizedText(
                        zh: "没有这个参数：\(name.prefix(40))。", en: "There is no parameter \(name.prefix(40))."),
                    field: String(name.prefix(40)), allowed: known.joined(separator: ", "))
            }
            guard values[name] == nil else {
                throw Problem(
                    .badRequest, code: "repeated_parameter",
                    detail: LocalizedText(zh: "参数重复：\(name)。", en: "The parameter \(name) is there twice."),
                    field: name, allowed: "once")
            }
            values[name] = try request.query(name)
        }
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name] }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type = Value.self) throws
        -> Value?
    where Value.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            throw Problem.invalid(
                name, code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return value
    }

    func boolean(_ name: String) throws -> Bool? {
        guard let text = values[name] else { return nil }
        guard text == "true" || text == "false" else {
            throw Problem.invalid(
                name, code: "not_allowed", zh: "请填写 true 或 false。", en: "Please give true or false.",
                allowed: "true, false")
        }
        return text == "true"
    }

    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = values[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw Problem.invalid(
                name, code: "not_in_range", zh: "数值超出范围。", en: "The number is out of range.",
                allowed: "\(range.lowerBound)…\(range.upperBound)")
        }
        return value
    }

    /// What the list is about, without place and size: a cursor is good for the same question only.
    var fingerprint: String {
        let text = values.filter { !["cursor", "limit", "format"].contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        return Data(SHA256.hash(data: Data(text.utf8)).prefix(9)).base64EncodedString()
    }
}

/// Where the next slice starts, and of which question.
struct SliceCursor: Codable {
    let question: String
    /// Values of the order's columns in the last row.
    let after: [String]

    var text: String {
        get throws {
            Data(try BrightJSON.encode(self)).base64EncodedString().replacing("+", with: "-")
                .replacing("/", with: "_").replacing("=", with: "")
        }
    }

    /// 400 for what is no cursor (`not_a_cursor`) and for another question's (`cursor_of_another_query`).
    static func read(_ text: String?, question: String, columns: Int) throws -> [String]? {
        guard let text else { return nil }
        let refusal = Problem(
            .badRequest, code: "not_a_cursor",
            detail: LocalizedText(
                zh: "翻页标记无效，请从头开始。", en: "This is not a cursor of this list. Start from the beginning."),
            field: "cursor", allowed: "next_cursor of the slice before")
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard text.utf8.count <= 1000, let data = Data(base64Encoded: padded) else { throw refusal }
        let cursor: SliceCursor
        do {
            cursor = try BrightJSON.decode(SliceCursor.self, from: Array(data))
        } catch is Problem {
            throw refusal
        }
        guard cursor.after.count == columns, cursor.after.allSatisfy({ WellFormed.isText($0) && $0.utf8.count <= 400 })
        else { throw refusal }
        guard cursor.question == question else {
            throw Problem(
                .badRequest, code: "cursor_of_another_query",
                detail: LocalizedText(
                    zh: "翻页标记属于另一个查询，请从头开始。", en: "This cursor belongs to another query. Start from the beginning."),
                field: "cursor", allowed: "next_cursor of the same query")
        }
        return cursor.after
    }
}
