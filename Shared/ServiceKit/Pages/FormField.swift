import Mustache

/// A field of a form for the partial `bright/field`: label, hint, fault and value together, wired for screen readers.
///
///     {{#fields}}{{>bright/field}}{{/fields}}
public struct FormField: Sendable {
    public enum Kind: Sendable {
        case text
        case area
        case select
        case radio
        case checkbox
    }

    public struct Option: Sendable {
        public let value: String
        public let label: String
        public let isSelected: Bool

        public init(value: String, label: String, isSelected: Bool = false) {
            self.value = value
            self.label = label
            self.isSelected = isSelected
        }
    }

    public let id: String
    public let name: String
    public let label: String
    public let value: String
    /// The `type` of an input: `text`, `date`, `password`, `tel`, `file`, `radio`, `checkbox`.
    public let type: String
    public let hint: String?
    public let fault: String?
    public let isOptional: Bool
    public let maximum: Int?
    public let autocomplete: String?
    public let options: [Option]
    public let isText: Bool
    public let isArea: Bool
    public let isSelect: Bool
    public let isChoice: Bool
    public let describedBy: String?

    public init(
        _ name: String, label: String, value: String = "", kind: Kind = .text, type: String = "text",
        hint: String? = nil, fault: String? = nil, isOptional: Bool = false, maximum: Int? = nil,
        autocomplete: String? = nil, options: [Option] = []
    ) {
        id = "f-\(name)"
        self.name = name
        self.label = label
        self.value = value
        switch kind {
        case .radio: self.type = "radio"
        case .checkbox: self.type = "checkbox"
        case .text, .area, .select: self.type = type
        }
        self.hint = hint
        self.fault = fault
        self.isOptional = isOptional
        self.maximum = maximum
        self.autocomplete = autocomplete
        self.options = options
        isText = kind == .text
        isArea = kind == .area
        isSelect = kind == .select
        isChoice = kind == .radio || kind == .checkbox
        let references = [hint.map { _ in "f-\(name)-hint" }, fault.map { _ in "f-\(name)-fault" }].compactMap { $0 }
        describedBy = references.isEmpty ? nil : references.joined(separator: " ")
    }
}

extension FormField: MustacheParent {
    /// Answers for all of its members, also for the absent ones: an absent hint must not be looked up in the page.
    public func child(named name: String) -> Any? {
        let members: [String: Any?] = [
            "id": id, "name": self.name, "label": label, "value": value, "type": type,
            "hint": hint, "fault": fault, "isOptional": isOptional, "maximum": maximum, "autocomplete": autocomplete,
            "options": options, "isText": isText, "isArea": isArea, "isSelect": isSelect, "isChoice": isChoice,
            "describedBy": describedBy,
        ]
        guard let member = members[name] else { return nil }
        return member ?? false
    }
}
