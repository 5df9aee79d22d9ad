/// The authorisation point's answer for one playlist or segment.
enum AuthorizeAnswer: Hashable, Sendable {
    /// The folder that nginx may serve this one file from.
    case allowed(gbId: String)
    case refused(ViewRefusal)
}
