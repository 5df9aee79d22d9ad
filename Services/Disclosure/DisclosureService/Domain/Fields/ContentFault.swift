/// Why a field is not accepted.
struct ContentFault: Hashable, Sendable, Error {
    let field: String
    let code: String
    let detail: Bilingual
    let allowed: String?

    init(_ field: String, _ code: String, _ zh: String, _ en: String, allowed: String? = nil) {
        self.field = field
        self.code = code
        detail = Bilingual(zh, en)
        self.allowed = allowed
    }
}
