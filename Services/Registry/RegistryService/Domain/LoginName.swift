/// Login names: lower-case letters, digits, `.`, `_`, `-`; 3–32 characters, a letter first. Not a person's id or phone number.
public enum LoginName {
    public static let allowed = "3～32 位，小写字母开头，可含小写字母、数字、点、下划线、连字符"

    public static func read(_ text: String, column: String) throws(ValueFault) -> String {
        let bytes = Array(text.utf8)
        guard (3...32).contains(bytes.count), (0x61...0x7a).contains(bytes[0]),
            bytes.allSatisfy({
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x5f || $0 == 0x2d
            })
        else { throw ValueFault(.loginFormat, column: column, value: text, allowed: allowed) }
        return text
    }
}
