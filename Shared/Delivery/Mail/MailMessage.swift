import Calendar
import Foundation

/// A plain-text mail to one person.
public struct MailMessage: Sendable {
    /// The same mail sent twice carries the same id, in `Message-ID`.
    public let id: String
    public let to: MailAddress
    public let subject: String
    public let text: String
    /// BCP 47, e.g. `zh-CN`.
    public let language: String
    public let date: Instant

    public init(id: String, to: MailAddress, subject: String, text: String, language: String, date: Instant) {
        self.id = id
        self.to = to
        self.subject = subject
        self.text = text
        self.language = language
        self.date = date
    }

    /// RFC 5322 with CR LF. Texts are encoded whole (RFC 2047, base64), so that nothing in them can become a header.
    func bytes(from: MailAddress, name: String) -> [UInt8] {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 8 * 3600)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        let body = Data(text.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        let lines = [
            "Date: \(formatter.string(from: date.date))",
            "From: \(Self.encoded(name)) <\(from.text)>",
            "To: <\(to.text)>",
            "Subject: \(Self.encoded(subject))",
            "Message-ID: <\(id)@\(from.domain)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Language: \(language)",
            "Content-Transfer-Encoding: base64",
            "", body, "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// Encoded words of at most 75 characters (RFC 2047 §2), none of which cuts a character in two.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var part: [UInt8] = []
        func close() {
            if !part.isEmpty { words.append("=?UTF-8?B?\(Data(part).base64EncodedString())?=") }
            part = []
        }
        for character in text {
            let bytes = Array(String(character).utf8)
            // 45 bytes become 60 characters of base64, 72 with the frame.
            if part.count + bytes.count > 45 { close() }
            part += bytes
        }
        close()
        return words.joined(separator: "\r\n ")
    }
}
