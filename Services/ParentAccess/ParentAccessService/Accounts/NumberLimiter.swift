import Calendar
import Crypto
import Foundation
import ServiceKit
import Synchronization

/// Keeps strangers' telephones quiet: so many messages a day to one number, whatever invitation they are asked for with.
/// In memory, under a key that dies with the process: no list of numbers exists.
final class NumberLimiter: Sendable {
    static let perDay = 8

    private let key = SymmetricKey(size: .bits256)
    private let sent = Mutex<[Data: [Instant]]>([:])

    /// Counts one message; 429 when the number has had enough for a day.
    func claim(_ mobileNumber: String, now: Instant) throws {
        let name = Data(HMAC<SHA256>.authenticationCode(for: Data(mobileNumber.utf8), using: key))
        let day: Duration = .seconds(86_400)
        let isAllowed = sent.withLock { sent in
            if sent.count > 10_000 { sent = sent.filter { $0.value.contains { now < $0 + day } } }
            let recent = (sent[name] ?? []).filter { now < $0 + day }
            guard recent.count < Self.perDay else { return false }
            sent[name] = recent + [now]
            return true
        }
        guard isAllowed else {
            throw Problem.tooManyRequests(
                retryAfter: 86_400, zh: "今天发送到该号码的验证码过多。", en: "Too many codes were sent to this number today.")
        }
    }
}
