import Calendar
import Crypto
import Foundation
import Journal

/// C2SP `tlog-cosignature`, `cosignature/v1`: a witness says that it saw a checkpoint at a time, and that it follows from
/// everything it saw before.
struct Cosignature: Hashable, Sendable {
    static let type: UInt8 = 0x04

    /// Seconds since 1970-01-01T00:00:00Z.
    let time: UInt64
    /// Ed25519, 64 bytes.
    let signature: [UInt8]

    /// What is signed: a header with the time, then the text of the checkpoint with its final newline.
    static func message(_ text: String, time: UInt64) -> Data { Data("cosignature/v1\ntime \(time)\n\(text)".utf8) }

    /// nil unless the bytes of a note's signature line are a timestamp and an Ed25519 signature.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        time = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes.dropFirst(8))
    }

    init(_ text: String, at time: UInt64, by key: Curve25519.Signing.PrivateKey) throws {
        self.time = time
        signature = [UInt8](try key.signature(for: Self.message(text, time: time)))
    }

    var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * UInt64($0))) } + signature }
}
