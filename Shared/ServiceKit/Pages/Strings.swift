import Yams

/// Texts of the pages in both languages, by dotted key, from `strings.yaml` beside the templates:
///
///     patrol.start: { zh: 开始巡查, en: Start a patrol }
///     patrol.count: { zh: "共 {n} 间食堂", en: "{n} canteens" }
///
/// Both languages are required for every key, so that they cannot drift apart.
public struct Strings: Sendable {
    private var texts: [String: LocalizedText]

    public init(_ texts: [String: LocalizedText] = [:]) {
        self.texts = texts
    }

    init(yaml: String, file: String) throws {
        let raw = try YAMLDecoder().decode([String: [String: String]].self, from: yaml)
        var faults: [String] = []
        texts = [:]
        for (key, languages) in raw {
            guard let zh = languages["zh"], let en = languages["en"], languages.count == 2 else {
                faults.append("\(file): \(key) needs exactly zh and en")
                continue
            }
            texts[key] = LocalizedText(zh: zh, en: en)
        }
        guard faults.isEmpty else { throw PagesError(faults: faults.sorted()) }
    }

    public var keys: Set<String> { Set(texts.keys) }

    func merging(_ other: Strings) -> Strings {
        Strings(texts.merging(other.texts) { _, new in new })
    }

    /// The text; `{name}` is replaced by the argument of that name. A missing key shows as `⟦key⟧`.
    public func text(_ key: String, _ language: Language, _ arguments: [String: String] = [:]) -> String {
        guard var text = texts[key]?[language] else { return "⟦\(key)⟧" }
        for (name, value) in arguments { text.replace("{\(name)}", with: value) }
        return text
    }

    func has(_ key: String) -> Bool { texts[key] != nil }
    func hasPrefix(_ prefix: String) -> Bool { texts.keys.contains { $0.hasPrefix(prefix + ".") } }
}
