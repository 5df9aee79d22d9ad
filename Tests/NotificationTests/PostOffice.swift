import Foundation
import Synchronization
import TestSupport

/// A mail server (SMTP, RFC 5321) on the loopback interface: takes, defers or refuses recipients as the test says.
final class PostOffice: Sendable {
    struct Mail: Sendable {
        let to: String
        let headers: String
        let text: String

        /// The subject with its encoded words decoded.
        var subject: String {
            headers.replacing("\r\n ", with: "").matches(of: /=\?UTF-8\?B\?([^?]*)\?=/).dropFirst(1).compactMap {
                Data(base64Encoded: String($0.1))
            }.map { String(decoding: $0, as: UTF8.self) }.joined()
        }

        var id: String? { headers.firstMatch(of: /Message-ID: <([^>]+)>/).map { String($0.1) } }

        init(to: String, data: String) {
            self.to = to
            let parts = data.split(separator: "\r\n\r\n", maxSplits: 1)
            headers = String(parts.first ?? "")
            let body = parts.count > 1 ? parts[1].filter { !$0.isWhitespace } : ""
            text = Data(base64Encoded: body).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// What the connections' threads write to; they may begin before `init` ends.
    private final class Counter: Sendable {
        let state = Mutex((mails: [Mail](), replies: [Int](), recipients: 0))
    }

    private let counter: Counter
    private let listener: LoopbackListener

    var mails: [Mail] { counter.state.withLock { $0.mails } }
    /// Recipients named, accepted or not.
    var recipients: Int { counter.state.withLock { $0.recipients } }
    var url: String { "smtp://127.0.0.1:\(listener.port)" }
    var environment: [String: String] { ["SMTP_URL": url, "SMTP_FROM": "notice@city.example"] }

    /// Replies to the next recipients; 250 when there is none left.
    func reply(_ codes: Int...) { counter.state.withLock { $0.replies = codes } }

    init() throws {
        let counter = Counter()
        self.counter = counter
        listener = try LoopbackListener { Self.serve($0, counter) }
    }

    func stop() { listener.stop() }

    private static func serve(_ client: Int32, _ counter: Counter) {
        var buffer = ""
        func say(_ text: String) { _ = text.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) } }
        func read(until end: String) -> String? {
            while true {
                if let range = buffer.range(of: end) {
                    let text = String(buffer[..<range.lowerBound])
                    buffer = String(buffer[range.upperBound...])
                    return text
                }
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = recv(client, &bytes, bytes.count, 0)
                guard count > 0 else { return nil }
                buffer += String(decoding: bytes[0..<count], as: UTF8.self)
            }
        }
        var recipient = ""
        say("220 post.city.example ESMTP\r\n")
        while let line = read(until: "\r\n") {
            switch line.prefix(4).uppercased() {
            case "EHLO": say("250 post.city.example\r\n")
            case "RCPT":
                recipient = line.firstMatch(of: /<([^>]*)>/).map { String($0.1) } ?? ""
                let code = counter.state.withLock { state in
                    state.recipients += 1
                    return state.replies.isEmpty ? 250 : state.replies.removeFirst()
                }
                say("\(code) \(code == 250 ? "OK" : "not now: \(recipient)")\r\n")
            case "DATA":
                say("354 go ahead\r\n")
                guard let data = read(until: "\r\n.\r\n") else { return }
                counter.state.withLock { $0.mails.append(Mail(to: recipient, data: data)) }
                say("250 taken\r\n")
            case "QUIT":
                say("221 bye\r\n")
                return
            default: say("250 OK\r\n")
            }
        }
    }
}
