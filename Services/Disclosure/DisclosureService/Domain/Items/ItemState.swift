/// Where a disclosure item stands. `published` and later are public history.
enum ItemState: String, Codable, CaseIterable, Hashable, Sendable {
    case draft
    case submitted
    /// Sent back by whoever answers for it.
    case returned
    case published
    /// Another item took its place.
    case superseded
    /// Its natural validity is over.
    case expired
    /// Taken back with a reason.
    case withdrawn

    /// Still being prepared: nobody outside has seen it.
    var isWorking: Bool { self == .draft || self == .submitted || self == .returned }
    var isPublic: Bool { !isWorking }
}
