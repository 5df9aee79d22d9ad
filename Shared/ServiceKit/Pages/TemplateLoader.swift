import Mustache

/// Compiles templates and checks that every `{{t.key}}` names a text that exists.
enum TemplateLoader {
    static func library(_ templates: [String: String], strings: Strings) throws -> MustacheLibrary {
        var library = MustacheLibrary()
        var faults: [String] = []
        for (name, text) in templates {
            for key in textKeys(in: text) where !strings.has(key) {
                faults.append("template \(name): no text \(key)")
            }
            do {
                try library.register(text, named: name)
            } catch {
                faults.append("template \(name): \(error)")
            }
        }
        guard faults.isEmpty else { throw PagesError(faults: faults.sorted()) }
        return library
    }

    static func textKeys(in template: String) -> [String] {
        template.matches(of: /\{\{\s*t\.([A-Za-z0-9_.]+)\s*\}\}/).map { String($0.1) }
    }
}
