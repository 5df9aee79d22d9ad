import Delivery
import Logging
import ServiceKit

/// How text messages leave: `SMS_GATEWAY_URL` with the secret `sms-gateway-token` and `SMS_SIGNATURE`, or, only where MODE
/// is local, `SMS_OUTBOX`, a file that messages are appended to. Without either nobody can activate an account: the pages
/// say so, and the readiness check shows it.
struct SMSSettings: Sendable {
    let gatewayURL: String?
    let token: String?
    let signature: String
    let outbox: String?

    static func read(_ reader: SettingsReader) -> SMSSettings {
        let url = reader.optionalString("SMS_GATEWAY_URL")
        let outbox = reader.optionalString("SMS_OUTBOX")
        let isProduction = reader.choice("MODE", default: ServiceConfiguration.Mode.local) == .production
        if outbox != nil, isProduction {
            reader.fail("SMS_OUTBOX", value: outbox, allowed: "only where MODE is local; SMS_GATEWAY_URL instead")
        }
        let token = url == nil ? nil : reader.secret("SMS_GATEWAY_TOKEN", allowed: "the gateway's bearer token")
        return SMSSettings(
            gatewayURL: url == nil ? nil : reader.url("SMS_GATEWAY_URL"), token: token,
            signature: reader.string("SMS_SIGNATURE", default: "明厨亮灶"), outbox: outbox)
    }

    /// How messages leave, for those who look whether the service is ready.
    var description: String {
        if gatewayURL != nil { return "gateway" }
        return outbox == nil ? "none configured: nobody can activate an account" : "file (local stack)"
    }

    func sender(logger: Logger) throws -> any SMSSender {
        if let gatewayURL, let token {
            return SMSGateway(
                client: try HTTPClient(
                    HTTPClientConfiguration(
                        allowsPlainHTTP: false, deadline: .seconds(10), maximumResponseBytes: 16 * 1024), logger: logger
                ),
                url: gatewayURL, token: token, signature: signature)
        }
        return outbox.map { SMSOutbox(path: $0) } ?? NoSMS()
    }
}

/// No gateway is configured.
struct NoSMS: SMSSender {
    func send(_ message: SMSMessage) async throws {
        throw DeliveryError(.closed, "no SMS gateway is configured")
    }
}
