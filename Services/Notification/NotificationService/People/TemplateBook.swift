import Contracts
import Postgres
import ServiceKit

/// The wordings of messages to persons as something to be changed: looked at with example values, proposed by one person,
/// agreed to by another. Every wording in force is a numbered version.
enum TemplateBook {
    static let kindName = "message_template"

    /// What is proposed, and the version that its author saw.
    struct Proposal: Codable, Sendable {
        let name: MessageTemplate.Name
        let language: Language
        let baseVersion: Int
        let subject: String
        let body: String

        var template: MessageTemplate {
            MessageTemplate(name: name, language: language, version: 0, subject: subject, body: body)
        }
    }

    /// One open proposal for each wording.
    static func subject(_ name: MessageTemplate.Name, _ language: Language) -> String {
        "\(name.rawValue).\(language.rawValue)"
    }

    /// The kind of approval; the effect is the next version, in the transaction of the agreement.
    static func kind(_ pages: Pages) -> ApprovalKind {
        ApprovalKind(
            kindName, title: LocalizedText(zh: "消息模板", en: "Message template"), proposing: .changeRules,
            approving: .changeRules,
            facts: { approval, context in
                let wanted = try approval.decode(Proposal.self)
                func text(_ key: String) -> String { pages.text("notification.\(key)", context) }
                let example = wanted.template.render(MessageSample.values(wanted.name, wanted.language))
                return [
                    ApprovalFact(
                        text("templates.which"),
                        "\(text("template.\(wanted.name.rawValue)")) · \(text("contact_language.\(wanted.language.rawValue)"))"
                    ),
                    ApprovalFact(text("templates.subject"), wanted.subject),
                    ApprovalFact(text("templates.body"), wanted.body),
                    ApprovalFact(text("templates.example"), "\(example.subject)\n\n\(example.body)"),
                ]
            },
            apply: { approval, context, transaction in
                let wanted = try approval.decode(Proposal.self)
                let current = try await TemplateStore.current(wanted.name, wanted.language, transaction)
                guard current.version == wanted.baseVersion else { throw changedMeanwhile }
                let version = try await TemplateStore.save(
                    wanted, proposedBy: approval.proposedBy, decidedBy: try context.requirePrincipal().personId,
                    reason: approval.reason, now: context.now, transaction)
                try await transaction.record(
                    "brightkitchen.notification.template.changed.v1", subject: wanted.name.rawValue,
                    data: Changed(
                        name: wanted.name, language: wanted.language, version: version, subject: wanted.subject,
                        body: wanted.body),
                    try context.eventContext(), occurredAt: context.now)
            })
    }

    static let changedMeanwhile = Problem.conflict(
        code: "template_changed", zh: "模板已有新版本，请重新提出。", en: "The template has a newer version. Please propose again.")

    private struct Changed: Encodable {
        let name: MessageTemplate.Name
        let language: Language
        let version: Int
        let subject: String
        let body: String
    }
}
