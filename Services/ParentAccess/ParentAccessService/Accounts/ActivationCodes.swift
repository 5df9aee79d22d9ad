import Access
import Calendar
import Concurrency
import Contracts
import Crypto
import Delivery
import Foundation
import Logging
import Postgres
import ServiceKit

/// One-time codes by text message: they prove that the number belongs to whoever accepts an invitation.
///
/// Nothing about the number is stored: the digest binds invitation, number and code together.
struct ActivationCodes: Sendable {
    static let lifetime: Duration = .seconds(300)
    /// Wrong codes before a new one is needed.
    static let attempts = 5
    /// Messages per invitation, over its whole life.
    static let sendsPerInvitation = 5
    /// Least time between two messages for one invitation.
    static let pause: Duration = .seconds(60)

    let pool: PostgresPool
    let clock: any WallClock
    let sender: any SMSSender
    let numbers: NumberLimiter
    let logger: Logger

    /// Sends a code. 429 when too many were asked for, 503 when the gateway does not answer.
    func send(_ token: SecretToken, to mobileNumber: String) async throws -> Instant {
        let now = clock.now()
        let code = Self.random()
        let expiresAt = now + Self.lifetime
        try numbers.claim(mobileNumber, now: now)
        try await pool.transaction { tx in
            let known = try await tx.first(
                "SELECT sent_at, sends FROM activation_code WHERE token_hash = \(token.hash) FOR UPDATE"
            ) { row -> (sentAt: Instant, sends: Int) in (try row["sent_at"], try row["sends"]) }
            if let known {
                guard known.sends < Self.sendsPerInvitation else {
                    throw Problem.tooManyRequests(
                        retryAfter: 86_400, zh: "验证码发送次数过多，请联系学校重新邀请。",
                        en: "Too many codes were sent. Please ask the school for a new invitation.")
                }
                let wait = known.sentAt + Self.pause - now
                guard wait <= .zero else {
                    throw Problem.tooManyRequests(
                        retryAfter: max(1, Int(wait.components.seconds)), zh: "发送过于频繁，请稍后再试。",
                        en: "Please wait a moment before asking for another code.")
                }
            }
            try await tx.execute(
                """
                INSERT INTO activation_code AS a (token_hash, code_digest, sent_at, expires_at)
                VALUES (\(token.hash), \(Self.digest(token, mobileNumber, code)), \(now), \(expiresAt))
                ON CONFLICT (token_hash) DO UPDATE SET code_digest = excluded.code_digest, sent_at = excluded.sent_at,
                    expires_at = excluded.expires_at, failures = 0, sends = a.sends + 1
                """)
        }
        do {
            try await sender.send(
                SMSMessage(
                    mobileNumber: mobileNumber, template: "activation_code",
                    parameters: ["code": code, "minutes": "5"],
                    text: "【明厨亮灶】验证码 \(code)，5 分钟内有效，用于激活家长代表账号。如非本人操作请忽略。",
                    messageId: UUIDv7.string()))
        } catch let error as DeliveryError {
            logger.warning("a code could not be sent", metadata: ["error": "\(error.code.rawValue)"])
            throw Problem.unavailable(code: "sms_unavailable", retryAfter: 60)
        }
        return expiresAt
    }

    /// Counts the attempt and compares. 422 for a wrong, old or never sent code.
    func check(_ token: SecretToken, _ mobileNumber: String, _ code: String) async throws {
        let now = clock.now()
        let digest = try await pool.first(
            """
            UPDATE activation_code SET failures = failures + 1
            WHERE token_hash = \(token.hash) AND expires_at > \(now) AND failures < \(Self.attempts)
            RETURNING code_digest
            """
        ) { row -> [UInt8] in try row["code_digest"] }
        let given = Self.digest(token, mobileNumber, code)
        guard let digest, digest.count == given.count,
            constantTimeEquals(Self.hex(digest), Self.hex(given))
        else {
            throw Problem.invalid(
                "code", code: "code_wrong", zh: "验证码不正确或已过期。", en: "The code is wrong or too old.",
                allowed: "6 digits")
        }
    }

    /// Is there a code that can still be used?
    func isPending(_ token: SecretToken) async throws -> Bool {
        try await pool.first(
            """
            SELECT 1 AS one FROM activation_code
            WHERE token_hash = \(token.hash) AND expires_at > \(clock.now()) AND failures < \(Self.attempts)
            """
        ) { row -> Int in try row["one"] } != nil
    }

    private static func random() -> String {
        let digits = String(Int.random(in: 0..<1_000_000))
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func digest(_ token: SecretToken, _ mobileNumber: String, _ code: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: token.hash)
        hash.update(data: Array("\(mobileNumber)/\(code)".utf8))
        return Array(hash.finalize())
    }

    private static func hex(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
