import ServiceKit

/// What is wrong with a wording: all faults at once, each with its field.
enum TemplateCheck {
    static func faults(_ wording: MessageTemplate) -> [FieldFault] {
        let texts =
            faults("subject", wording.subject, MessageTemplate.maximumSubject, wording.name)
            + faults("body", wording.body, MessageTemplate.maximumBody, wording.name)
        guard texts.isEmpty else { return texts }
        // Without these nobody can do what the message is for.
        let needed = wording.name.needed
        guard !(wording.subject + wording.body).contains("{\(needed)}") else { return [] }
        return [
            FieldFault(
                field: "body", code: "field_needed",
                detail: LocalizedText(zh: "必须包含变量 {\(needed)}。", en: "The field {\(needed)} is needed."),
                allowed: "{\(needed)}")
        ]
    }

    private static func faults(
        _ field: String, _ text: String, _ maximum: Int, _ name: MessageTemplate.Name
    ) -> [FieldFault] {
        if text.isEmpty {
            return [
                FieldFault(
                    field: field, code: "missing", detail: LocalizedText(zh: "此项必填。", en: "This field is required."))
            ]
        }
        if text.count > maximum {
            return [
                FieldFault(
                    field: field, code: "too_long",
                    detail: LocalizedText(zh: "最多 \(maximum) 个字。", en: "At most \(maximum) characters."),
                    allowed: "≤ \(maximum)")
            ]
        }
        let unknown = MessageTemplate.unknownFields(in: text, of: name)
        guard unknown.isEmpty else {
            let names = unknown.map { "{\($0)}" }.joined(separator: " ")
            return [
                FieldFault(
                    field: field, code: "unknown_field",
                    detail: LocalizedText(zh: "没有这些变量：\(names)", en: "There is no such field: \(names)"),
                    allowed: name.fields.map { "{\($0)}" }.joined(separator: " "))
            ]
        }
        do {
            try PersonalDataScreen.check(field: field, text: text)
            return []
        } catch let problem as Problem {
            return problem.faults
        } catch {
            return []
        }
    }
}
