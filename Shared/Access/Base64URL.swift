import Foundation

/// base64url without padding (RFC 7515 §2), strictly: anything else is nil.
public enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        return String(unsafeUninitializedCapacity: (bytes.count * 4 + 2) / 3) { text in
            var written = 0
            func write(_ group: UInt32, characters: Int) {
                for place in 0..<characters {
                    text[written] = alphabet[Int(group >> UInt32(18 - 6 * place)) & 63]
                    written += 1
                }
            }
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let rest = min(3, bytes.count - start)
                var group = UInt32(bytes[start]) << 16
                if rest > 1 { group |= UInt32(bytes[start + 1]) << 8 }
                if rest > 2 { group |= UInt32(bytes[start + 2]) }
                write(group, characters: rest + 1)
            }
            return written
        }
    }

    public static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0 != 0x2b && $0 != 0x2f && $0 != 0x3d }) else { return nil }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: padded).map(Array.init)
    }
}
