/// Who looks at an item. Each sees other fields (domain §5.2).
enum Audience: String, CaseIterable, Codable, Hashable, Sendable {
    case everyone = "public"
    /// A representative of the canteen's own school.
    case parent
    /// Staff of the canteen's own school, or the caterer itself.
    case school
    /// An officer in whose area the canteen lies.
    case regulator
}
