import Mustache

/// `{{t.patrol.start}}` in a template: walks dotted keys of `Strings` in the request's language.
struct TextNode: MustacheParent, MustacheCustomRenderable {
    let strings: Strings
    let language: Language
    var prefix = ""

    func child(named name: String) -> Any? {
        let key = prefix.isEmpty ? name : "\(prefix).\(name)"
        if strings.has(key) { return strings.text(key, language) }
        return TextNode(strings: strings, language: language, prefix: key)
    }

    var renderText: String { "⟦\(prefix)⟧" }
    var isNull: Bool { false }
}
