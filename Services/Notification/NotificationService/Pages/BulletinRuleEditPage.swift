import Contracts
import ServiceKit

/// Model of `rule-edit.mustache`.
struct BulletinRuleEditPage {
    struct Fault {
        let field: String
        let detail: String
    }

    let fields: [FormField]
    let terms: [FormField]
    let original: String?
    let canRemove: Bool
    let faults: [Fault]
    let hasFaults: Bool

    init(
        _ form: FormData, _ current: BulletinRuleStore.Version, problem: Problem?, _ pages: Pages,
        _ context: BrightContext
    ) {
        let words = BulletinRuleWords(pages, context)
        func text(_ key: String) -> String { pages.text("notification.rules.\(key)", context) }
        func fault(_ name: String) -> String? {
            problem?.faults.first { $0.field == name }?.detail[context.language]
        }
        func line(_ name: String, type: String = "text", optional: Bool = false) -> FormField {
            FormField(
                name, label: text("field.\(name)"), value: form.optional(name) ?? "", type: type, fault: fault(name),
                isOptional: optional)
        }
        func choices(_ name: String, _ options: [(String, String)]) -> FormField {
            FormField(
                name, label: text("field.\(name)"), kind: .checkbox, fault: fault(name), isOptional: true,
                options: options.map {
                    FormField.Option(value: $0.0, label: $0.1, isSelected: form.all(name).contains($0.0))
                })
        }
        func select(_ name: String, _ options: [(String, String)], optional: Bool) -> FormField {
            FormField(
                name, label: text("field.\(name)"), kind: .select, fault: fault(name), isOptional: optional,
                options: options.map {
                    FormField.Option(value: $0.0, label: $0.1, isSelected: form.optional(name) == $0.0)
                })
        }
        let receivers = BulletinReceiver.allCases.map { ($0.rawValue, words.receiver($0)) }
        fields = [
            line("name"), line("id"), line("position", type: "number"), choices("enabled", [("yes", text("enabled"))]),
            choices("triggers", BulletinTrigger.allCases.map { ($0.rawValue, words.trigger($0)) }),
            choices("severities", (1...3).map { (String($0), words.severity($0)) }),
            choices("origins", ProblemOrigin.allCases.map { ($0.rawValue, pages.label($0, context)) }),
            choices("school_types", SchoolType.allCases.map { ($0.rawValue, pages.label($0, context)) }),
            line("divisions", optional: true),
            choices("departments", Department.allCases.map { ($0.rawValue, pages.label($0, context)) }),
            select(
                "city_direct", [("yes", text("city_direct.yes")), ("no", text("city_direct.no"))], optional: true),
            select("caterer", [("yes", text("caterer.yes")), ("no", text("caterer.no"))], optional: true),
            choices("receivers", receivers), choices("copies", receivers),
            select(
                "urgency",
                BulletinUrgency.allCases.map {
                    ($0.rawValue, pages.text("notification.urgency.\($0.rawValue)", context))
                }, optional: false),
        ]
        terms = ["receipt_days", "answer_days", "escalation_days"].map { line($0, type: "number") }
        original = form.optional("original")
        canRemove = original != nil
        faults = (problem?.faults ?? []).map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
    }
}
