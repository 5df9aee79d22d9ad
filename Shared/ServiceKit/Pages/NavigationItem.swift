import Access

/// One entry of the main navigation. `key` names its text (`nav.<key>`) and marks it as current.
struct NavigationItem: Sendable {
    let key: String
    let path: String
    let isShown: @Sendable (Principal?) -> Bool
}
