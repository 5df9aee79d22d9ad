import Contracts

/// What somebody wants an item to say.
struct ItemDraft: Sendable {
    var input: [String: FieldInput] = [:]
    var isNotApplicable = false
    /// Why a correction, or why "not applicable".
    var reason: String?
    /// The revision that the form was opened on; nil: does not matter.
    var revision: Int?
}
