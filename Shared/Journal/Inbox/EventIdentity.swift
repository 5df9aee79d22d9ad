/// What makes a CloudEvent one of a kind: id within its source.
struct EventIdentity: Hashable, Sendable {
    var source: String
    var id: String
}
