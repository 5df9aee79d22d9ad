import ServiceKit

/// Where to go after signing in.
enum ReturnPath {
    /// nil for addresses elsewhere, and for the sign-in itself.
    static func checked(_ text: String?) -> String? {
        guard let text, WellFormed.isLocalPath(text), !text.hasPrefix("/registry/login"),
            !text.hasPrefix("/registry/session")
        else { return nil }
        return text
    }
}
