import ServiceKit

/// A wording with fields in braces: `{school}`.
struct MessageTemplate: Encodable, Sendable {
    static let maximumSubject = 200
    static let maximumBody = 4000

    enum Name: String, Codable, CaseIterable, Sendable {
        /// One notice.
        case notice
        /// Several notices that go out together.
        case group
        case digest
        /// The code that proves an address.
        case verification

        var fields: [String] {
            switch self {
            case .notice: ["kind", "school", "canteen", "item", "severity", "due", "number", "link"]
            case .group: ["count", "lines", "link"]
            case .digest: ["date", "unread", "open", "overdue", "link"]
            case .verification: ["code", "minutes"]
            }
        }

        /// Without this field the message is of no use.
        var needed: String { self == .verification ? "code" : "link" }
    }

    let name: Name
    let language: Language
    /// 0 = built in.
    let version: Int
    let subject: String
    let body: String

    /// Fields that this template does not have, in the order in which they stand.
    static func unknownFields(in text: String, of name: Name) -> [String] {
        text.matches(of: /\{([^{}]*)\}/).map { String($0.1) }.filter { !name.fields.contains($0) }
    }

    /// Values take the place of the fields; a value is never looked into for further fields.
    func render(_ values: [String: String]) -> (subject: String, body: String) {
        (Self.fill(subject, values).replacing("\n", with: " "), Self.fill(body, values))
    }

    private static func fill(_ text: String, _ values: [String: String]) -> String {
        text.replacing(/\{([a-z]+)\}/) { values[String($0.1)] ?? "" }
    }

    static func builtIn(_ name: Name, _ language: Language) -> MessageTemplate {
        let (subject, body) =
            switch (name, language) {
            case (.notice, .zh):
                (
                    "【明厨亮灶】{kind}：{school}",
                    "{kind}\n\n学校食堂：{school} {canteen}\n内容：{item}\n等级：{severity}\n编号：{number}\n期限：{due}\n\n请登录查看并确认：{link}\n"
                )
            case (.notice, .en):
                (
                    "[Bright Kitchen] {kind}: {school}",
                    """
                    {kind}

                    School and canteen: {school} {canteen}
                    What: {item}
                    Class: {severity}
                    Number: {number}
                    Due: {due}

                    Please sign in, read and acknowledge: {link}

                    """
                )
            case (.group, .zh): ("【明厨亮灶】{count} 条新消息", "{lines}\n\n请登录查看并确认：{link}\n")
            case (.group, .en):
                ("[Bright Kitchen] {count} new messages", "{lines}\n\nPlease sign in, read and acknowledge: {link}\n")
            case (.digest, .zh):
                ("【明厨亮灶】{date} 每日摘要", "截至今日：未读 {unread} 条，待处理 {open} 条，已逾期 {overdue} 条。\n\n{link}\n")
            case (.digest, .en):
                (
                    "[Bright Kitchen] Digest of {date}",
                    "Unread: {unread}. Open: {open}. Overdue: {overdue}.\n\n{link}\n"
                )
            case (.verification, .zh):
                ("【明厨亮灶】验证码 {code}", "验证码 {code}，{minutes} 分钟内有效。若非本人操作，请忽略。\n")
            case (.verification, .en):
                (
                    "[Bright Kitchen] Code {code}",
                    "Your code is {code}, valid for {minutes} minutes. If you did not ask for it, ignore this message.\n"
                )
            }
        return MessageTemplate(name: name, language: language, version: 0, subject: subject, body: body)
    }
}
