/// A wording as somebody wrote it.
struct TemplateDraft: Decodable, Sendable {
    let subject: String
    let body: String
    /// Version that its author saw; absent = the one in force.
    var baseVersion: Int?
    /// Needed when it is proposed.
    var reason: String?

    init(subject: String, body: String, baseVersion: Int? = nil, reason: String? = nil) {
        self.subject = subject
        self.body = body
        self.baseVersion = baseVersion
        self.reason = reason
    }

    init(_ template: MessageTemplate) {
        self.init(subject: template.subject, body: template.body, baseVersion: template.version)
    }

    /// Line ends as a browser sends them are not part of a wording.
    func template(_ current: MessageTemplate) -> MessageTemplate {
        MessageTemplate(
            name: current.name, language: current.language, version: current.version, subject: subject,
            body: body.replacing("\r\n", with: "\n"))
    }
}
