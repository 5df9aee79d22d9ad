import Delivery
import ServiceKit

/// Settings of mail and messages to persons.
struct PeopleSettings: Sendable {
    var mailServer: MailServer?
    var gatewayURL: String?
    var gatewayToken: String
    /// Secrets by which reports of the gateway and of the mail server are proven; several while one is changed.
    var gatewayReportSecrets: [WebhookSecret] = []
    var mailReportSecrets: [WebhookSecret] = []
    var timing = MessageTiming()
    var ladder = EscalationLadder()
    var digestMinute = 8 * 60

    static func read(_ reader: SettingsReader, isLocal: Bool) -> PeopleSettings {
        let gateway = reader.optionalString("MESSAGE_GATEWAY_URL")
        var settings = PeopleSettings(
            mailServer: mailServer(reader, isLocal: isLocal), gatewayURL: gateway,
            gatewayToken: gateway == nil ? "" : reader.secret("MESSAGE_GATEWAY_TOKEN", allowed: "the gateway's token"))
        settings.gatewayReportSecrets = reportSecrets(reader, "MESSAGE_REPORT_SECRET")
        settings.mailReportSecrets = reportSecrets(reader, "MAIL_REPORT_SECRET")
        settings.timing.coolDown = .seconds(60 * reader.integer("NOTICE_COOLDOWN_MINUTES", default: 30, in: 0...1440))
        settings.timing.grouping = .seconds(reader.integer("NOTICE_GROUPING_SECONDS", default: 120, in: 0...3600))
        settings.timing.expiry = .seconds(3600 * reader.integer("NOTICE_EXPIRY_HOURS", default: 48, in: 1...720))
        if let text = reader.optionalString("QUIET_HOURS") {
            if let hours = QuietHours(text) {
                settings.timing.quietHours = hours
            } else {
                reader.fail("QUIET_HOURS", value: text, allowed: "such as 22:00-07:00, or none")
            }
        }
        if let text = reader.optionalString("DIGEST_TIME") {
            if let minute = CivilMinute.parse(text) {
                settings.digestMinute = minute
            } else {
                reader.fail("DIGEST_TIME", value: text, allowed: "HH:MM")
            }
        }
        if let waits = waits(reader, "ESCALATION_CLASS1_MINUTES", unit: .seconds(60)) {
            settings.ladder.classOne = waits
        }
        if let waits = waits(reader, "ESCALATION_CLASS2_HOURS", unit: .seconds(3600)) {
            settings.ladder.classTwo = waits
        }
        return settings
    }

    private static func reportSecrets(_ reader: SettingsReader, _ name: String) -> [WebhookSecret] {
        guard let text = reader.optionalSecret(name) else { return [] }
        let secrets = text.split(whereSeparator: \.isWhitespace).compactMap { WebhookSecret(String($0)) }
        if secrets.isEmpty || secrets.count != text.split(whereSeparator: \.isWhitespace).count {
            reader.failSecret(name, allowed: "whsec_ and the base64 of 24 to 64 bytes; two of them during a change")
        }
        return secrets
    }

    private static func waits(_ reader: SettingsReader, _ name: String, unit: Duration) -> [Duration]? {
        guard let text = reader.optionalString(name) else { return nil }
        let waits = EscalationLadder.parse(text, unit: unit)
        if waits == nil {
            reader.fail(name, value: text, allowed: "two whole numbers, the second not less than the first: 30,120")
        }
        return waits
    }

    private static func mailServer(_ reader: SettingsReader, isLocal: Bool) -> MailServer? {
        guard let url = reader.optionalString("SMTP_URL") else { return nil }
        guard let from = MailAddress(reader.string("SMTP_FROM", default: "")) else {
            reader.fail("SMTP_FROM", value: nil, allowed: "the sender's address, name@example.gov.cn")
            return nil
        }
        if url.wholeMatch(of: /smtps?:\/\/[A-Za-z0-9.\[\]:-]+/) == nil {
            reader.fail("SMTP_URL", value: url, allowed: "smtps://host:465 or smtp://host:587")
        }
        var bounce: MailAddress?
        if let text = reader.optionalString("SMTP_BOUNCE") {
            bounce = MailAddress(text)
            if bounce == nil {
                reader.fail(
                    "SMTP_BOUNCE", value: text, allowed: "the address that takes bounces, bounces@example.gov.cn")
            }
        }
        var server = MailServer(
            url: url, from: from, bounce: bounce, name: reader.string("SMTP_NAME", default: "明厨亮灶"),
            allowsPlainText: isLocal,
            certificateAuthorities: reader.optionalString("SMTP_CA_FILE"))
        if let credentials = reader.optionalSecret("SMTP_CREDENTIALS") {
            let parts = credentials.split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                server.user = String(parts[0])
                server.password = String(parts[1])
            } else {
                reader.failSecret("SMTP_CREDENTIALS", allowed: "user:password")
            }
        }
        return server
    }
}
