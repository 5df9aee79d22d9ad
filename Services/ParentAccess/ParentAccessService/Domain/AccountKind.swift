/// Whose account it is. Both watch live only, in windows, without anterooms.
enum AccountKind: String, Codable, CaseIterable, Sendable {
    /// 家长代表, managed by the school.
    case parent
    /// 来宾: press or delegates, invited by an organ for a limited time.
    case guest
}
