import Contracts
import ServiceKit

/// The fields of the editor, with what was typed and what is wrong with it.
struct BulletinEditWords {
    private let form: FormData
    private let problem: Problem?
    private let pages: Pages
    private let context: BrightContext

    init(_ form: FormData, _ problem: Problem?, _ pages: Pages, _ context: BrightContext) {
        self.form = form
        self.problem = problem
        self.pages = pages
        self.context = context
    }

    func fields(problems: [BulletinProblem], organs: [Organ]) -> [FormField] {
        var fields = [area("cause", maximum: 120, kind: .text)]
        if !problems.isEmpty {
            fields.append(
                FormField(
                    "problem", label: label("problem"), kind: .checkbox, hint: hint("problem"),
                    fault: fault("problem"), isOptional: true, options: problems.map(option)))
        }
        fields += [
            area("facts", maximum: 3000, kind: .area), area("requirement", maximum: 1000, kind: .area),
            FormField(
                "answer_days", label: label("answer_days"),
                value: form.optional("answer_days") ?? String(BulletinTerms.standard.answerDays), type: "number",
                hint: hint("answer_days"), fault: fault("answer_days")),
            FormField(
                "urgency", label: label("urgency"), kind: .select, fault: fault("urgency"),
                options: BulletinUrgency.allCases.map { urgency in
                    FormField.Option(
                        value: urgency.rawValue,
                        label: pages.text("notification.urgency.\(urgency.rawValue)", context),
                        isSelected: (form.optional("urgency") ?? "normal") == urgency.rawValue)
                }),
            receivers("receiver", organs), receivers("copy", organs),
        ]
        return fields
    }

    private func receivers(_ name: String, _ organs: [Organ]) -> FormField {
        let chosen = form.all(name)
        return FormField(
            name, label: label(name), kind: .checkbox,
            hint: organs.isEmpty ? pages.text("notification.editor.no_receivers", context) : hint(name),
            fault: fault(name), isOptional: true,
            options: organs.map { organ in
                FormField.Option(
                    value: organ.id.rawValue, label: organ.name, isSelected: chosen.contains(organ.id.rawValue))
            })
    }

    private func option(_ found: BulletinProblem) -> FormField.Option {
        let state = pages.text("notification.state.\(found.state.rawValue)", context)
        let severity = found.severity.map { pages.text("notification.severity.\(min(max($0, 1), 3))", context) }
        let text = [found.itemCode, found.itemText, severity, found.foundAt.map(CivilText.short), state]
            .compactMap { $0 }.joined(separator: " · ")
        return FormField.Option(
            value: found.problemId.rawValue, label: text,
            isSelected: form.all("problem").contains(found.problemId.rawValue))
    }

    private func area(_ name: String, maximum: Int, kind: FormField.Kind) -> FormField {
        FormField(
            name, label: label(name), value: form.optional(name) ?? "", kind: kind, hint: hint(name),
            fault: fault(name), maximum: maximum)
    }

    private func label(_ name: String) -> String { pages.text("notification.editor.\(name).label", context) }
    private func hint(_ name: String) -> String { pages.text("notification.editor.\(name).hint", context) }

    private func fault(_ name: String) -> String? {
        problem?.faults.first { $0.field == name }?.detail[context.language]
    }
}
