import Contracts
import ServiceKit

/// One rule of the table as a form, and back.
enum BulletinRuleForm {
    /// The fields of a stored rule, or of a new one at the end of the table.
    static func form(of rule: BulletinRule?, in set: BulletinRuleSet) -> FormData {
        var values: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String) { values.append((name: name, value: value)) }
        add("receipt_days", String(set.terms.receiptDays))
        add("answer_days", String(set.terms.answerDays))
        add("escalation_days", String(set.terms.escalationDays))
        guard let rule else {
            add("position", String(set.rules.count + 1))
            add("enabled", "yes")
            return FormData(values: values)
        }
        add("original", rule.id)
        add("id", rule.id)
        add("name", rule.name)
        add("position", String((set.rules.firstIndex(of: rule) ?? 0) + 1))
        if rule.isEnabled { add("enabled", "yes") }
        for trigger in rule.triggers { add("triggers", trigger.rawValue) }
        for severity in rule.severities { add("severities", String(severity)) }
        for origin in rule.origins { add("origins", origin.rawValue) }
        for type in rule.schoolTypes { add("school_types", type.rawValue) }
        add("divisions", rule.divisions.joined(separator: " "))
        for department in rule.departments { add("departments", department.rawValue) }
        if let direct = rule.cityDirect { add("city_direct", direct ? "yes" : "no") }
        if let caterer = rule.caterer { add("caterer", caterer ? "yes" : "no") }
        for receiver in rule.receivers { add("receivers", receiver.rawValue) }
        for copy in rule.copies { add("copies", copy.rawValue) }
        add("urgency", rule.urgency.rawValue)
        return FormData(values: values)
    }

    /// The whole table with this rule put, moved or taken out. 422 with every fault.
    static func content(_ form: FormData, changing set: BulletinRuleSet) throws -> BulletinRuleSet {
        var check = form.check()
        var content = set
        content.terms = BulletinTerms(
            receiptDays: check.integer("receipt_days", in: 1...10),
            answerDays: check.integer("answer_days", in: 1...60),
            escalationDays: check.integer("escalation_days", in: 1...30))
        let original = form.optional("original")
        if form.optional("step") == "terms" {
            try check.done()
            return content
        }
        content.rules.removeAll { $0.id == original }
        if form.optional("step") == "remove" {
            try check.done()
            return content
        }
        let rule = BulletinRule(
            id: check.text("id", maximum: 40), name: check.text("name", maximum: 60, screened: true),
            isEnabled: form.optional("enabled") == "yes", triggers: values("triggers", form, &check),
            severities: form.all("severities").compactMap(Int.init), origins: values("origins", form, &check),
            schoolTypes: values("school_types", form, &check),
            divisions: (form.optional("divisions") ?? "").split(whereSeparator: { " ,，、".contains($0) }).map(
                String.init),
            departments: values("departments", form, &check), cityDirect: flag("city_direct", form),
            caterer: flag("caterer", form), receivers: values("receivers", form, &check),
            copies: values("copies", form, &check), urgency: check.choice("urgency") ?? .normal)
        let position = check.integer("position", in: 1...(content.rules.count + 1))
        try check.done()
        content.rules.insert(rule, at: position - 1)
        let faults = BulletinRuleCheck.faults(content)
        guard faults.isEmpty else { throw Problem(faults: faults) }
        return content
    }

    private static func flag(_ name: String, _ form: FormData) -> Bool? {
        form.optional(name).map { $0 == "yes" }
    }

    private static func values<Value: RawRepresentable & CaseIterable>(
        _ name: String, _ form: FormData, _ check: inout FormCheck
    ) -> [Value] where Value.RawValue == String {
        form.all(name).compactMap { text in
            if let value = Value(rawValue: text) { return value }
            check.fail(
                FieldFault(
                    field: name, code: "not_allowed",
                    detail: LocalizedText(zh: "请从选项中选择。", en: "Please choose one of the options."),
                    allowed: Value.allCases.map(\.rawValue).joined(separator: ", ")))
            return nil
        }
    }
}
