import Foundation

/// The generic HTTP gateway for what telephones show: text messages, WeCom (企业微信), DingTalk (钉钉). A small adapter of
/// the city's own, or the operator itself, answers this one request:
///
///     POST <url>
///     Authorization: Bearer <token>
///     Content-Type: application/json
///     Idempotency-Key: <message_id>
///
///     {"channel": "wecom", "language": "zh", "message_id": "0193…", "subject": "发现问题", "text": "…", "to": "zhangsan"}
///
/// `channel` is `sms`, `wecom` or `dingtalk`; `to` is `+86…` for `sms`, the account's user id for the others. Any 2xx
/// means accepted. 4xx means refused for good, 408, 425, 429 and 5xx that the same message may be accepted later. The
/// body of the answer is not looked at. Neither `to` nor the text is ever logged here.
public struct MessageGateway: Sendable {
    public enum Channel: String, Codable, CaseIterable, Sendable {
        case sms
        case weCom = "wecom"
        case dingTalk = "dingtalk"
    }

    public struct Message: Sendable {
        public let id: String
        public let channel: Channel
        public let to: String
        public let subject: String
        public let text: String
        public let language: String

        public init(id: String, channel: Channel, to: String, subject: String, text: String, language: String) {
            self.id = id
            self.channel = channel
            self.to = to
            self.subject = subject
            self.text = text
            self.language = language
        }
    }

    /// The gateway did not accept a message.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let isPermanent: Bool
        /// HTTP status, if there was an answer.
        public let status: Int?
        public let code: DeliveryError.Code?

        public var description: String { status.map { "status \($0)" } ?? code?.rawValue ?? "refused" }
    }

    private let client: HTTPClient
    private let url: String
    private let token: String

    public init(client: HTTPClient, url: String, token: String) {
        self.client = client
        self.url = url
        self.token = token
    }

    private struct Body: Encodable {
        let channel: Channel
        let language: String
        let messageId: String
        let subject: String
        let text: String
        let to: String
    }

    /// Returns when the gateway accepted the message. Throws `Refusal`, nothing else.
    public func send(_ message: Message) async throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer: DeliveryResponse
        do {
            let body = try encoder.encode(
                Body(
                    channel: message.channel, language: message.language, messageId: message.id,
                    subject: message.subject, text: message.text, to: message.to))
            answer = try await client.send(
                .post(
                    url, contentType: "application/json", body: [UInt8](body),
                    headers: [
                        HTTPHeader("authorization", "Bearer \(token)"), HTTPHeader("idempotency-key", message.id),
                    ]))
        } catch let error as DeliveryError {
            throw Refusal(isPermanent: false, status: nil, code: error.code)
        } catch {
            throw Refusal(isPermanent: true, status: nil, code: .internalFailure)
        }
        guard !answer.isSuccess else { return }
        let mayGetBetter = [408, 425, 429].contains(answer.status) || !(400..<500).contains(answer.status)
        throw Refusal(isPermanent: !mayGetBetter, status: answer.status, code: nil)
    }
}
