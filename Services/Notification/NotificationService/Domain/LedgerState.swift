/// What became of a message, whatever its channel.
enum LedgerState: String, Codable, CaseIterable, Sendable {
    /// Waits to be sent, also between two attempts.
    case queued
    /// Handed to a server; whether it arrived is told later, or never (mail, gateways).
    case sent
    /// Lies in the inbox, the receiver answered 2xx, or the mail server or gateway reported it.
    case delivered
    case read
    case acknowledged
    /// Refused, or nobody to send it to; the reason is beside it.
    case failed
    /// Given up because its time had passed, or because it was read before it was sent.
    case expired

    var tone: String {
        switch self {
        case .queued, .sent: "warn"
        case .delivered: "info"
        case .read, .acknowledged: "ok"
        case .failed: "error"
        case .expired: "neutral"
        }
    }
}
