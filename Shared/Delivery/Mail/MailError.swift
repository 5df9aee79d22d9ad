/// Why a mail was not accepted by the server. Holds no address and no text of the server, which may quote one.
public struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    /// True: the server will not take this mail to this mailbox. False: the same mail may be accepted later
    /// (greylisting, a full disk, no connection, our own credentials).
    public let isPermanent: Bool
    /// The last reply of the server, e.g. 450 or 550.
    public let reply: Int?
    public let code: DeliveryError.Code

    /// - Parameter reply: the last reply of the server, if there was one.
    init(reply: Int, code: DeliveryError.Code) {
        self.reply = (200..<600).contains(reply) ? reply : nil
        self.code = code
        // 530, 534, 535 and 538 are about us, not about the mailbox.
        isPermanent = (500..<600).contains(reply) && ![530, 534, 535, 538].contains(reply)
    }

    public var description: String { reply.map { "\(code.rawValue) (\($0))" } ?? code.rawValue }
}
