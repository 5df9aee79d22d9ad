import Contracts
import ServiceKit

/// The form of a category, made from its field definitions; the same for a new item, a draft and a correction.
struct ItemForm {
    static let reason = "reason"
    static let notApplicable = "not_applicable"

    let definition: CategoryDefinition
    let words: PortalWords

    /// `values`: what the fields say now; `problem`: the faults of the last try.
    func fields(_ values: [String: String], problem: Problem?) -> [FormField] {
        definition.fields.map { field in
            let fault = problem?.faults.first { $0.field == field.name }?.detail[words.context.language]
            let label = words.text(field.label)
            let value = values[field.name] ?? ""
            let isOptional = !field.isRequired
            switch field.kind {
            case .text(let maximum):
                return FormField(
                    field.name, label: label, value: value, kind: maximum > 120 ? .area : .text, fault: fault,
                    isOptional: isOptional, maximum: maximum)
            case .person:
                return FormField(
                    field.name, label: label, value: value, hint: words.text("desk.person_hint"), fault: fault,
                    isOptional: isOptional, maximum: 20)
            case .date:
                return FormField(
                    field.name, label: label, value: value, type: "date", fault: fault, isOptional: isOptional)
            case .month:
                return FormField(
                    field.name, label: label, value: value, type: "month", fault: fault, isOptional: isOptional)
            case .integer, .decimal:
                return FormField(
                    field.name, label: field.unit.map { "\(label)（\($0)）" } ?? label, value: value, fault: fault,
                    isOptional: isOptional, maximum: 14)
            case .choice(let choices):
                return FormField(
                    field.name, label: label, kind: .select, fault: fault, isOptional: isOptional,
                    options: choices.map {
                        .init(value: $0.code, label: words.text($0.label), isSelected: $0.code == value)
                    })
            case .files(let maximum):
                return FormField(
                    field.name, label: label, type: "file",
                    hint: words.text("desk.file_hint", ["n": String(maximum)]), fault: fault, isOptional: true)
            }
        }
    }

    /// What a person starts from: the school's own last item, or the ministry's usual wording (D3, D9).
    func template(_ last: ItemRecord?, today: String) -> [String: String] {
        switch definition.category {
        case .d3:
            return ["statement": words.text("desk.pledge_template"), "signed_on": today]
        case .d9:
            return ["period": "daily", "date": today, "found": "no"]
        case .d6:
            var values = Self.values(last?.content ?? ItemContent(), definition)
            values["month"] = String(today.prefix(7))
            return values
        case .d7:
            return ["supplier": last?.content.text("supplier") ?? "", "received_on": today]
        case .d1, .d2, .d4, .d5, .d8:
            return [:]
        }
    }

    /// Persons are left out: they are typed anew, the public content has only their masked names.
    static func values(_ content: ItemContent, _ definition: CategoryDefinition) -> [String: String] {
        var values: [String: String] = [:]
        for field in definition.fields {
            switch (field.kind, content.values[field.name]) {
            case (.person, _), (.files, _), (_, nil): continue
            case (_, .text(let text)?): values[field.name] = text
            case (_, .integer(let number)?): values[field.name] = String(number)
            case (_, .files?): continue
            }
        }
        return values
    }
}
