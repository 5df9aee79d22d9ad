import Calendar
import ServiceKit

/// Model of `template.mustache`: one wording, its editor with an example, its versions.
struct TemplatePage {
    struct Version {
        let number: Int
        let at: String
        let proposedBy: String
        let decidedBy: String
        let reason: String
        let subject: String
        let bodyLines: [String]
    }

    struct Example {
        let subject: String
        let bodyLines: [String]
        /// Carried along to the proposal.
        let wantedSubject: String
        let wantedBody: String
        let reasonField: [FormField]
    }

    struct Fault {
        let field: String
        let detail: String
    }

    let path: String
    let base: Int
    let version: String
    let fields: String
    let mayChange: Bool
    let inputs: [FormField]
    let example: Example?
    let hasFaults: Bool
    let faults: [Fault]
    let conflict: String?
    let versions: [Version]
    let hasVersions: Bool

    init(
        _ current: MessageTemplate, _ draft: TemplateDraft, _ versions: [TemplateStore.Version],
        example: MessageTemplate?, problem: Problem?, _ pages: Pages, _ context: BrightContext
    ) {
        func text(_ key: String) -> String { pages.text("notification.templates.\(key)", context) }
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }.map { fault in
                [fault.detail[context.language], fault.allowed].compactMap { $0 }.joined(separator: " · ")
            }
        }
        path = "/notification/templates/\(current.name.rawValue)/\(current.language.rawValue)"
        base = draft.baseVersion ?? current.version
        version = TemplatesPage.version(current.version, pages, context)
        fields = current.name.fields.map { "{\($0)}" }.joined(separator: " ")
        mayChange = context.may(.changeRules)
        inputs = [
            FormField(
                "subject", label: text("subject"), value: draft.subject, fault: fault("subject"),
                maximum: MessageTemplate.maximumSubject),
            FormField(
                "body", label: text("body"), value: draft.body, kind: .area, fault: fault("body"),
                maximum: MessageTemplate.maximumBody),
        ]
        let reasonFault = fault("reason")
        // A proposal without a reason keeps its example: only the reason is missing.
        let shown = example ?? (reasonFault == nil ? nil : draft.template(current))
        self.example = shown.map { wanted in
            let rendered = wanted.render(MessageSample.values(wanted.name, wanted.language))
            return Example(
                subject: rendered.subject, bodyLines: Self.lines(rendered.body), wantedSubject: wanted.subject,
                wantedBody: wanted.body,
                reasonField: [
                    FormField(
                        "reason", label: text("reason"), value: draft.reason ?? "", kind: .area, fault: reasonFault,
                        maximum: 500)
                ])
        }
        faults = (problem?.faults ?? []).map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
        conflict = problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil }
        self.versions = versions.map { version in
            Version(
                number: version.version, at: CivilText.short(version.inForceAt),
                proposedBy: version.proposedBy?.rawValue ?? "—", decidedBy: version.decidedBy.rawValue,
                reason: version.reason ?? "—", subject: version.subject, bodyLines: Self.lines(version.body))
        }
        hasVersions = !versions.isEmpty
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
