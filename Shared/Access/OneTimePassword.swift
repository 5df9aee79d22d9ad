import Calendar
import Crypto
import Foundation

/// Time-based one-time passwords (RFC 6238): HMAC-SHA-1, six digits, 30 seconds, as every authenticator app makes them.
public struct OneTimePassword: Sendable {
    public static let stepSeconds: Int64 = 30
    public static let digits = 6
    /// Clocks of telephones differ: one step before and one after are accepted.
    static let tolerance: Int64 = 1
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    public let secret: [UInt8]

    /// A new random secret of 160 bits (RFC 4226 §4).
    public init() {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    public init(secret: [UInt8]) {
        self.secret = secret
    }

    /// From base32 (RFC 4648) without padding; blanks and case do not matter. nil when it is not, or shorter than 80 bits.
    public init?(base32 text: String) {
        var bits = 0
        var held: UInt32 = 0
        var bytes: [UInt8] = []
        for character in text.uppercased().utf8 where character != 0x20 && character != 0x3d {
            guard let value = Self.alphabet.firstIndex(of: character) else { return nil }
            held = (held << 5 | UInt32(value)) & 0xfff
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
            }
        }
        guard bytes.count >= 10 else { return nil }
        secret = bytes
    }

    /// The secret in base32 without padding.
    public var base32: String {
        var text: [UInt8] = []
        var held: UInt32 = 0
        var bits = 0
        for byte in secret {
            held = (held << 8 | UInt32(byte)) & 0xffff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(Self.alphabet[Int(held >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(Self.alphabet[Int(held << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    public static func step(at now: Instant) -> Int64 { now.microseconds / 1_000_000 / stepSeconds }

    /// The six digits of a step.
    public func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: Data(secret))))
        let offset = Int(mac[mac.count - 1] & 15)
        let number =
            UInt32(mac[offset] & 0x7f) << 24 | UInt32(mac[offset + 1]) << 16 | UInt32(mac[offset + 2]) << 8
            | UInt32(mac[offset + 3])
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    /// The step whose code this is, nil when it is none of the accepted ones. A code is good once: keep the returned step
    /// and give it as `last`, and neither it nor an older one is accepted again (RFC 6238 §5.2).
    public func acceptedStep(_ code: String, at now: Instant, after last: Int64) -> Int64? {
        let current = Self.step(at: now)
        var found: Int64?
        for step in (current - Self.tolerance)...(current + Self.tolerance)
        where constantTimeEquals(self.code(step: step), code) && step > last { found = step }
        return found
    }

    /// What an authenticator app reads (Key Uri Format).
    public func uri(issuer: String, account: String) -> String {
        let issuer = Self.escaped(issuer)
        return
            "otpauth://totp/\(issuer):\(Self.escaped(account))?secret=\(base32)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.stepSeconds)"
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
