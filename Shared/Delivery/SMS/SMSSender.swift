/// Sends text messages: `SMSGateway` where there is an operator, `SMSOutbox` in the local stack.
public protocol SMSSender: Sendable {
    /// Returns when the message was accepted for sending. Throws `DeliveryError`.
    func send(_ message: SMSMessage) async throws
}
