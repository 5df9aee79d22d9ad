/// Shapes that outside input must have before anything looks at it.
public enum WellFormed {
    /// 1…64 of letters, digits, `-`, `_`, `.`: UUIDs and the ids of master files.
    public static func isIdentifier(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
                default: false
                }
            }
    }

    /// No NUL and no control characters but tab and line breaks: what Postgres' text and people's eyes can take.
    public static func isText(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7f || scalar == "\n" || scalar == "\r" || scalar == "\t"
        }
    }

    /// A path on this site, safe to redirect to: no scheme, no host, no backslash, no control character.
    public static func isLocalPath(_ text: some StringProtocol) -> Bool {
        text.hasPrefix("/") && !text.hasPrefix("//") && text.utf8.count <= 2048
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }
    }
}
