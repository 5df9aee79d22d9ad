import ServiceKit

/// Model of `templates.mustache`: every wording with its version.
struct TemplatesPage {
    struct Line {
        let link: String
        let title: String
        let version: String
        let subject: String
        let body: String
    }

    let lines: [Line]
    let approvalsPath: String

    init(_ templates: [MessageTemplate], approvalsPath: String, _ pages: Pages, _ context: BrightContext) {
        self.approvalsPath = approvalsPath
        lines = templates.map { template in
            Line(
                link: "/notification/templates/\(template.name.rawValue)/\(template.language.rawValue)",
                title: Self.title(template, pages, context), version: Self.version(template.version, pages, context),
                subject: template.subject, body: template.body)
        }
    }

    static func title(_ template: MessageTemplate, _ pages: Pages, _ context: BrightContext) -> String {
        let name = pages.text("notification.template.\(template.name.rawValue)", context)
        return "\(name) · \(pages.text("notification.contact_language.\(template.language.rawValue)", context))"
    }

    static func version(_ number: Int, _ pages: Pages, _ context: BrightContext) -> String {
        number == 0 ? pages.text("notification.templates.built_in", context) : String(number)
    }
}
