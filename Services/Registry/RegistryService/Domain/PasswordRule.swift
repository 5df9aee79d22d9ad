import Access

/// What a password must be: at least 12 characters (domain §5.3 a), not one repeated, not the login.
public enum PasswordRule {
    /// nil when the password is acceptable, else what is wrong (Chinese, English).
    public static func fault(_ password: String, login: String) -> (zh: String, en: String)? {
        let lengths = PasswordHash.lengths
        guard PasswordHash.hasAcceptableLength(password) else {
            return (
                "密码长度须为 \(lengths.lowerBound)～\(lengths.upperBound) 个字符。",
                "A password has \(lengths.lowerBound) to \(lengths.upperBound) characters."
            )
        }
        guard Set(password).count >= 5 else {
            return ("密码至少包含 5 个不同的字符。", "A password has at least 5 different characters.")
        }
        guard !password.lowercased().contains(login.lowercased()) else {
            return ("密码不能包含登录名。", "A password must not contain the login.")
        }
        return nil
    }
}
