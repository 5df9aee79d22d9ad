import Contracts
import ServiceKit

/// An item as pages show it: what it says, field by field, and where it stands.
struct ItemModel {
    struct Fact {
        let label: String
        let value: String
    }

    struct File {
        let path: String
        let label: String
    }

    let path: String
    let title: String
    let state: String
    let tone: String
    let meta: String
    let facts: [Fact]
    let files: [File]
    let hasFiles: Bool
    let reply: String?
    let contested: String?
    let late: String?
    let reason: String?

    init(_ record: ItemRecord, as audience: Audience, names: [String: String] = [:], _ words: PortalWords) {
        let definition = CategoryDefinition.of(record.category)
        path = "/disclosure/v1/items/\(record.itemId.rawValue)"
        title = record.isNotApplicable ? words.text("item.not_applicable") : Self.title(record, words)
        state = words.text("item.state_\(record.state.rawValue)")
        tone = (record.state == .published ? Tone.good : record.state == .expired ? .bad : .neutral).rawValue
        let published = words.text(
            "category.published_on", ["day": words.day(record.publishedAt), "version": String(record.version)])
        let end = record.validTo.map { words.text("item.valid_to", ["day": words.day($0)]) }
        meta = [published, end].compactMap { $0 }.joined(separator: " · ")
        let content = record.state == .withdrawn ? ItemContent() : record.content.visible(to: audience, definition)
        facts = Self.facts(content, names, definition, words)
        files = Self.files(content, definition, words)
        hasFiles = !files.isEmpty
        reply = record.reply
        contested = record.isContested ? words.text("item.contested") : nil
        late = record.isLate ? words.text("item.late") : nil
        reason = record.reason.flatMap { record.category == .d1 ? nil : words.text("item.reason", ["text": $0]) }
    }

    static func facts(
        _ content: ItemContent, _ names: [String: String], _ definition: CategoryDefinition, _ words: PortalWords
    ) -> [Fact] {
        definition.fields.compactMap { field in
            guard let value = content.values[field.name] else { return nil }
            let text: String
            switch (field.kind, value) {
            case (.files, _): return nil
            case (.choice(let choices), .text(let code)):
                text = choices.first { $0.code == code }.map { words.text($0.label) } ?? code
            case (.date, .text):
                text = content.day(field.name).map(words.day) ?? ""
            case (.person, .text(let masked)):
                text = names[field.name] ?? masked
            case (_, .text(let plain)):
                text = field.unit.map { "\(plain) \($0)" } ?? plain
            case (_, .integer(let number)):
                text = String(number)
            case (_, .files): return nil
            }
            return Fact(label: words.text(field.label), value: text)
        }
    }

    private static func files(
        _ content: ItemContent, _ definition: CategoryDefinition, _ words: PortalWords
    ) -> [File] {
        definition.fields.flatMap { field in
            (content.values[field.name]?.files ?? []).enumerated().map { index, digest in
                File(path: "/disclosure/files/\(digest)", label: "\(words.text(field.label)) \(index + 1)")
            }
        }
    }

    /// The one fact by which a person tells items of a category apart.
    static func title(_ record: ItemRecord, _ words: PortalWords) -> String {
        let content = record.content
        func choice(_ name: String) -> String? {
            guard case .choice(let choices)? = CategoryDefinition.of(record.category).field(name)?.kind else {
                return nil
            }
            return choices.first { $0.code == content.text(name) }.map { words.text($0.label) }
        }
        let parts: [String?] =
            switch record.category {
            case .d1: [content.text("number")]
            case .d2: [choice("dynamic_grade"), content.text("annual_grade")]
            case .d3: [content.text("signer"), content.text("post")]
            case .d4: [content.text("name"), choice("post")]
            case .d5: [content.text("name"), content.text("post")]
            case .d6: [content.text("name"), content.text("month")]
            case .d7: [content.text("item"), content.text("supplier")]
            case .d8: [content.day("inspected_on").map(words.day), choice("result")]
            case .d9: [content.day("date").map(words.day), choice("period"), choice("found")]
            }
        return parts.compactMap { $0 }.joined(separator: " · ")
    }
}
