import Hummingbird
import ServiceKit

/// What a list is asked for: its own filters, and a page or a cursor. Whatever it does not know is refused by name,
/// because a filter that is passed over answers another question than the one that was asked.
struct ListQuery: Sendable {
    static let maximumSearch = 100

    private let request: Request
    let page: PageRequest
    /// Place of the last row that the reader has.
    let after: [String]?

    /// 400 for a parameter that the list does not know, naming those it knows.
    init(_ request: Request, filters: [String], takesCursor: Bool = true) throws {
        try Self.requireKnown(request, filters + ["page", "per_page"] + (takesCursor ? ["after"] : []))
        self.request = request
        page = try PageRequest(request)
        after = try request.query("after").map(ListCursor.values)
        if after != nil, page.number > 1 {
            throw Problem.invalid(
                "after", code: "not_with_page", zh: "游标翻页不能与 page 同用。",
                en: "A cursor does not go together with page.")
        }
    }

    /// Of a file: filters only.
    init(file request: Request, filters: [String]) throws {
        try Self.requireKnown(request, filters)
        self.request = request
        page = PageRequest()
        after = nil
    }

    static func requireKnown(_ request: Request, _ known: [String]) throws {
        let names = (request.uri.query ?? "").split(separator: "&").map { pair -> String in
            let name = String(pair.prefix { $0 != "=" })
            return name.removingPercentEncoding ?? name
        }
        guard let unknown = Set(names).subtracting(known).sorted().first else { return }
        throw Problem(
            .badRequest, code: "unknown_parameter",
            detail: LocalizedText(zh: "不认识的查询参数：\(unknown)", en: "Unknown query parameter: \(unknown)"),
            field: unknown, allowed: known.joined(separator: ", "))
    }

    /// `q`: part of a name or number.
    func search() throws -> String? {
        guard let text = try request.query("q") else { return nil }
        guard text.count <= Self.maximumSearch else {
            throw Problem.invalid(
                "q", code: "too_long", zh: "查询文字过长。", en: "The search text is too long.",
                allowed: "1…\(Self.maximumSearch)")
        }
        return text
    }

    /// `division`: six digits of GB/T 2260.
    func division() throws -> String? {
        guard let text = try request.query("division") else { return nil }
        guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Problem.invalid(
                "division", code: "not_a_division", zh: "行政区划代码为六位数字。",
                en: "A division code has six digits (GB/T 2260).", allowed: "NNNNNN")
        }
        return text
    }

    func text(_ name: String) throws -> String? { try request.query(name) }

    func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws -> Value?
    where Value.RawValue == String {
        guard let text = try request.query(name) else { return nil }
        if let value = Value(rawValue: text) { return value }
        throw Problem.invalid(
            name, code: "not_allowed", zh: "没有这个选项。", en: "There is no such choice.",
            allowed: Value.allCases.map(\.rawValue).joined(separator: ", "))
    }

    func flag(_ name: String) throws -> Bool? {
        switch try request.query(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            throw Problem.invalid(
                name, code: "not_allowed", zh: "只能是 true 或 false。", en: "This is true or false.",
                allowed: "true, false")
        }
    }
}
