import ServiceKit

/// A new password typed twice. Not trimmed.
enum NewPassword {
    static func read(_ form: FormData) throws -> String {
        func value(_ name: String) -> String { form.values.first { $0.name == name }?.value ?? "" }
        let password = value("password")
        guard !password.isEmpty else {
            throw Problem.invalid("password", code: "missing", zh: "此项必填。", en: "This field is required.")
        }
        guard password == value("repeat") else {
            throw Problem.invalid(
                "repeat", code: "not_the_same", zh: "两次输入的密码不一致。", en: "The two passwords are not the same.")
        }
        return password
    }
}
