import ServiceKit

/// Model of `templates.mustache`.
struct TemplatesPage {
    struct Line {
        let action: String
        let title: String
        let version: String
        let fields: String
        let inputs: [FormField]
        let isOpen: Bool
        let mayChange: Bool
    }

    let lines: [Line]

    init(
        _ templates: [MessageTemplate], draft: MessageTemplate?, faults: [FieldFault], _ pages: Pages,
        _ context: BrightContext
    ) {
        func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
        let mayChange = context.may(.changeRules)
        lines = templates.map { template in
            let own = draft.flatMap { $0.name == template.name && $0.language == template.language ? $0 : nil }
            func fault(_ field: String) -> String? {
                guard own != nil, let fault = faults.first(where: { $0.field == field }) else { return nil }
                return [fault.detail[context.language], fault.allowed].compactMap { $0 }.joined(separator: " · ")
            }
            return Line(
                action: "/notification/templates/\(template.name.rawValue)/\(template.language.rawValue)",
                title:
                    "\(text("template.\(template.name.rawValue)")) · \(text("contact_language.\(template.language.rawValue)"))",
                version: template.version == 0 ? text("templates.built_in") : String(template.version),
                fields: template.name.fields.map { "{\($0)}" }.joined(separator: " "),
                inputs: [
                    FormField(
                        "subject", label: text("templates.subject"), value: own?.subject ?? template.subject,
                        fault: fault("subject"), maximum: MessageTemplate.maximumSubject),
                    FormField(
                        "body", label: text("templates.body"), value: own?.body ?? template.body, kind: .area,
                        fault: fault("body"), maximum: MessageTemplate.maximumBody),
                ], isOpen: own != nil, mayChange: mayChange)
        }
    }
}
