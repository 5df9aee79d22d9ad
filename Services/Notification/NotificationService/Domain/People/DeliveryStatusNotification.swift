/// A bounce: a mail with a report of the delivery status (RFC 3464) in a `multipart/report` (RFC 6522). Only what happened
/// to which of our mails is read; addresses and texts in it are passed over.
enum DeliveryStatusNotification {
    /// nil where it is no such report, or not about a mail of `domain`.
    static func read(_ bytes: [UInt8], domain: String) -> DeliveryReport? {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        guard let whole = Entity(text[...]), let boundary = whole.parameter("boundary", of: "content-type"),
            !boundary.isEmpty
        else { return nil }
        var action: String?
        var status: String?
        var batch: String?
        for part in parts(of: whole.body, boundary) {
            guard let entity = Entity(part) else { continue }
            switch entity.mediaType {
            case "message/delivery-status":
                // Groups of fields: the first about the mail, the others one for each recipient. Ours have one.
                for group in groups(of: entity.body) {
                    let fields = Entity.fields(group)
                    action = action ?? fields["action"]?.lowercased()
                    status = status ?? fields["status"]
                }
            case "message/rfc822", "text/rfc822-headers":
                batch = batch ?? Entity.fields(entity.body)["message-id"].flatMap { own($0, domain) }
            default: continue
            }
        }
        guard let batch, let outcome = outcome(action) else { return nil }
        let code = status.flatMap { $0.firstMatch(of: /[245]\.[0-9]{1,3}\.[0-9]{1,3}/).map { String($0.0) } }
        return DeliveryReport(
            batchId: batch, outcome: outcome, isPermanent: code?.hasPrefix("5.1.") ?? false,
            reason: outcome == .delivered ? nil : "dsn_\(code ?? outcome.rawValue)")
    }

    private static func outcome(_ action: String?) -> DeliveryReport.Outcome? {
        switch action {
        case "failed": .failed
        case "delayed": .delayed
        case "delivered", "relayed", "expanded": .delivered
        default: nil
        }
    }

    private static func own(_ messageId: String, _ domain: String) -> String? {
        let bare = messageId.drop { $0 == "<" || $0 == " " }.prefix { $0 != ">" }
        let parts = bare.split(separator: "@")
        guard parts.count == 2, parts[1].lowercased() == domain.lowercased(),
            parts[0].wholeMatch(of: /[A-Za-z0-9_.-]{1,64}/) != nil
        else { return nil }
        return String(parts[0])
    }

    private static func groups(of body: Substring) -> [Substring] { body.split(separator: "\n\n") }

    private static func parts(of body: Substring, _ boundary: String) -> [Substring] {
        var parts: [Substring] = []
        var start: Substring.Index?
        var index = body.startIndex
        while index < body.endIndex {
            let end = body[index...].firstIndex(of: "\n") ?? body.endIndex
            let line = body[index..<end]
            let next = end < body.endIndex ? body.index(after: end) : end
            if line.hasPrefix("--" + boundary) {
                if let from = start { parts.append(body[from..<index]) }
                start = line.hasPrefix("--\(boundary)--") ? nil : next
            }
            index = next
        }
        if let from = start { parts.append(body[from...]) }
        return parts
    }

    /// Headers and body of a mail or a part.
    private struct Entity {
        let headers: [String: String]
        let body: Substring

        init?(_ text: Substring) {
            if text.hasPrefix("\n") {
                headers = [:]
                body = text.dropFirst()
                return
            }
            guard let end = text.firstRange(of: "\n\n") else { return nil }
            headers = Self.fields(text[..<end.lowerBound])
            body = text[end.upperBound...]
        }

        var mediaType: String {
            String((headers["content-type"] ?? "").prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
        }

        func parameter(_ name: String, of header: String) -> String? {
            for part in (headers[header] ?? "").split(separator: ";").dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, pair[0].lowercased().filter({ !$0.isWhitespace }) == name else { continue }
                return String(pair[1].drop(while: \.isWhitespace)).filter { $0 != "\"" }
            }
            return nil
        }

        /// Up to the first empty line; folded lines are joined; of a field that comes twice the first counts.
        static func fields(_ text: Substring) -> [String: String] {
            var fields: [String: String] = [:]
            var name: String?
            var value = ""
            func close() {
                if let name, fields[name] == nil { fields[name] = value }
            }
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.isEmpty { if name == nil { continue } else { break } }
                if line.first == " " || line.first == "\t" {
                    value += " " + line.drop(while: \.isWhitespace)
                    continue
                }
                close()
                guard let colon = line.firstIndex(of: ":") else {
                    name = nil
                    continue
                }
                name = line[..<colon].lowercased()
                value = String(line[line.index(after: colon)...].drop(while: \.isWhitespace))
            }
            close()
            return fields
        }
    }
}
