import Foundation

/// The generic HTTP gateway (短信网关) through which text messages leave. Operators differ: a small adapter of the
/// city's own, or the operator itself, answers this one request.
///
///     POST <url>
///     Authorization: Bearer <token>
///     Content-Type: application/json
///     Idempotency-Key: <message_id>
///
///     {"message_id": "0193…", "parameters": {"code": "123456", "minutes": "5"}, "signature": "明厨亮灶",
///      "template": "activation_code", "text": "【明厨亮灶】验证码 123456，…", "to": "+8613800138000"}
///
/// Any 2xx means accepted. Everything else means not sent: 4xx will not get better by itself, 429 and 5xx may. The body
/// of the answer is not looked at. The number and the text are never logged here.
public struct SMSGateway: SMSSender {
    private let client: HTTPClient
    private let url: String
    private let token: String
    private let signature: String

    /// - Parameters:
    ///   - url: where to post to; https outside the local stack.
    ///   - token: bearer token of the gateway.
    ///   - signature: the operator's approved sender name (短信签名).
    public init(client: HTTPClient, url: String, token: String, signature: String) {
        self.client = client
        self.url = url
        self.token = token
        self.signature = signature
    }

    private struct Body: Encodable {
        let messageId: String
        let parameters: [String: String]
        let signature: String
        let template: String
        let text: String
        let to: String
    }

    public func send(_ message: SMSMessage) async throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body: Data
        do {
            body = try encoder.encode(
                Body(
                    messageId: message.messageId, parameters: message.parameters, signature: signature,
                    template: message.template, text: message.text, to: "+86\(message.mobileNumber)"))
        } catch {
            throw DeliveryError(.internalFailure, "the message cannot be written as JSON")
        }
        let answer = try await client.send(
            .post(
                url, contentType: "application/json", body: [UInt8](body),
                headers: [
                    HTTPHeader("authorization", "Bearer \(token)"), HTTPHeader("idempotency-key", message.messageId),
                ]))
        guard answer.isSuccess else {
            let mayGetBetter = answer.status == 429 || answer.status >= 500
            throw DeliveryError(
                mayGetBetter ? .connectionLost : .invalidRequest, "the SMS gateway answered \(answer.status)")
        }
    }
}
