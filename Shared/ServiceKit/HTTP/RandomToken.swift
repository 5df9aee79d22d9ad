import Access

/// Unguessable tokens from the system's random source.
public enum RandomToken {
    public static func bytes(_ count: Int) -> [UInt8] {
        // Eight at a time: each call of the generator is a system call.
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// 32 bytes, base64url without padding: 43 characters that need no escaping anywhere.
    public static func text(bytes count: Int = 32) -> String {
        Base64URL.encode(bytes(count))
    }
}
