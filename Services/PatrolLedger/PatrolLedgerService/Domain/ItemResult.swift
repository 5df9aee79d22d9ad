/// What an officer says about one item. Unknown is not OK: what could not be seen has its own value.
enum ItemResult: String, Codable, Hashable, CaseIterable, Sendable {
    case ok
    case violation
    case notObservable = "not_observable"
    case notApplicable = "not_applicable"
}
