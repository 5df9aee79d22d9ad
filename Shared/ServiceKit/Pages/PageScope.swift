import Mustache

/// What a template sees: first the page's own model, then what every page has (`t`, `csrf`, `path`, `language` …).
struct PageScope: MustacheParent {
    let model: Any
    let shared: [String: Any]

    func child(named name: String) -> Any? {
        Self.member(name, of: model) ?? shared[name]
    }

    private static func member(_ name: String, of model: Any) -> Any? {
        if let parent = model as? any MustacheParent { return parent.child(named: name) }
        guard let value = Mirror(reflecting: model).children.first(where: { $0.label == name })?.value else {
            return nil
        }
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value
    }
}
