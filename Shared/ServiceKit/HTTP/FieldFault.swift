/// What is wrong with one field of a form or of a JSON body, in words for the person who filled it in.
public struct FieldFault: Hashable, Sendable {
    public let field: String
    /// Stable, for programs: `missing`, `too_long`, `licence_check_digit`.
    public let code: String
    public let detail: LocalizedText
    /// What would have been accepted.
    public let allowed: String?

    public init(field: String, code: String, detail: LocalizedText, allowed: String? = nil) {
        self.field = field
        self.code = code
        self.detail = detail
        self.allowed = allowed
    }
}
