/// One step of the breadcrumbs. The last one, the page itself, has no path.
public struct Crumb: Sendable {
    public let label: String
    public let path: String?

    public init(_ label: String, _ path: String? = nil) {
        self.label = label
        self.path = path
    }
}
