/// What a page tells the layout about itself.
public struct PageMeta: Sendable {
    public var title: String
    public var crumbs: [Crumb]
    /// One line under the title.
    public var lead: String?
    /// The navigation entry to mark as current: a `NavigationItem.key`.
    public var current: String?
    /// Scripts to load besides `session.js`, e.g. `["video.js"]`.
    public var scripts: [String]
    /// Wide pages (tables, video walls) use the whole width.
    public var isWide: Bool

    /// schema.org facts of a public page as JSON: written as a data block, which a browser never runs.
    public var structuredData: String?

    public init(
        title: String, crumbs: [Crumb] = [], lead: String? = nil, current: String? = nil, scripts: [String] = [],
        isWide: Bool = false, structuredData: String? = nil
    ) {
        self.structuredData = structuredData
        self.title = title
        self.crumbs = crumbs
        self.lead = lead
        self.current = current
        self.scripts = scripts
        self.isWide = isWide
    }
}
