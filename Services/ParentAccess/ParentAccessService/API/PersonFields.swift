import Access
import ServiceKit

/// The two fields about a person. They live in the erasable table and nowhere else.
enum PersonFields {
    static let labelLength = 40

    /// What the school calls a representative: a role or a surname, never a child's name.
    static func label(_ text: String) throws -> String {
        let text = text.trimmingPrefix(while: \.isWhitespace)
        guard !text.isEmpty else {
            throw Problem.invalid("label", code: "missing", zh: "此项必填。", en: "This field is required.")
        }
        guard text.count <= labelLength, WellFormed.isText(text) else {
            throw Problem.invalid(
                "label", code: "too_long", zh: "最多 \(labelLength) 个字。", en: "At most \(labelLength) characters.",
                allowed: "≤ \(labelLength)")
        }
        try PersonalDataScreen.check(field: "label", text: String(text))
        return String(text)
    }

    /// Mainland mobile number, 11 digits; nil when left out.
    static func mobileNumber(_ text: String?) throws -> String? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        let digits = text.filter { !$0.isWhitespace && $0 != "-" }
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes[0] == 0x31, (0x33...0x39).contains(bytes[1]),
            bytes.allSatisfy({ (48...57).contains($0) })
        else {
            throw Problem.invalid(
                "mobile_number", code: "mobile_number", zh: "请填写 11 位手机号码。",
                en: "Please give an 11-digit mobile number.",
                allowed: "1[3-9] + 9 digits")
        }
        return digits
    }

    static func requiredMobileNumber(_ text: String?) throws -> String {
        guard let number = try mobileNumber(text) else {
            throw Problem.invalid("mobile_number", code: "missing", zh: "此项必填。", en: "This field is required.")
        }
        return number
    }

    /// The six digits of a one-time code; blanks that people type between them do not count.
    static func code(_ text: String?) throws -> String {
        let digits = (text ?? "").filter { !$0.isWhitespace }
        guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Problem.invalid(
                "code", code: "code_wrong", zh: "请填写 6 位数字验证码。", en: "Please give the six digits of the code.",
                allowed: "6 digits")
        }
        return digits
    }

    static func password(_ text: String) throws -> String {
        guard PasswordHash.hasAcceptableLength(text) else {
            throw Problem.invalid(
                "password", code: "password_length",
                zh: "密码至少 \(PasswordHash.lengths.lowerBound) 位。",
                en: "The password needs at least \(PasswordHash.lengths.lowerBound) characters.",
                allowed: "\(PasswordHash.lengths.lowerBound)…\(PasswordHash.lengths.upperBound)")
        }
        return text
    }
}
