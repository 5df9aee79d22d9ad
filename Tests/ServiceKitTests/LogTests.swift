import Foundation
import Logging
import Synchronization
import Testing

@testable import ServiceKit

/// The log format, and that texts exist in both languages.
@Suite struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    @Test func oneJSONObjectALine() throws {
        let lines = Lines()
        var logger = Logger(label: "pool") { label in
            JSONLogHandler(label: label, service: "sample") { line in lines.all.withLock { $0.append(line) } }
        }
        logger[metadataKey: "correlation_id"] = "c-1"
        logger.info("a \"quoted\"\nline\u{1}", metadata: ["list": ["x", "y"], "map": ["k": "v"]])
        logger.debug("not shown")
        let line = try #require(lines.all.withLock { $0.first })
        #expect(
            lines.all.withLock { $0.count } == 1 && line.hasSuffix("}\n") && line.dropLast().contains("\n") == false)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["message"] as? String == "a \"quoted\"\nline\u{1}")
        #expect(object["correlation_id"] as? String == "c-1" && object["service"] as? String == "sample")
        #expect(object["list"] as? [String] == ["x", "y"] && object["level"] as? String == "info")
    }

    @Test func everyTextNeedsBothLanguages() {
        #expect(throws: PagesError.self) { try Strings(yaml: "a.b: { zh: 甲 }", file: "strings") }
        #expect(throws: PagesError.self) { try Strings(yaml: "a.b: { zh: 甲, en: A, fr: A }", file: "strings") }
        #expect(throws: Never.self) { try Strings(yaml: "a.b: { zh: 甲, en: A }", file: "strings") }
    }

    @Test func aTemplateThatNamesAnUnknownTextIsRefused() {
        let strings = Strings(["a.b": LocalizedText(zh: "甲", en: "A")])
        #expect(throws: PagesError.self) {
            try TemplateLoader.library(["page": "{{t.a.b}} {{t.a.c}}"], strings: strings)
        }
        #expect(throws: PagesError.self) { try TemplateLoader.library(["page": "{{#open}}"], strings: strings) }
        #expect(throws: Never.self) { try TemplateLoader.library(["page": "{{ t.a.b }}"], strings: strings) }
    }

    @Test func anAbsentHintOfAFieldIsNotTakenFromThePage() throws {
        let template = "{{#fields}}[{{label}}{{#hint}} {{hint}}{{/hint}}]{{/fields}}"
        let library = try TemplateLoader.library(["page": template], strings: Strings())
        let model: [String: Any] = [
            "hint": "of the page", "fields": [FormField("a", label: "A"), FormField("b", label: "B", hint: "own")],
        ]
        #expect(library.render(model, withTemplate: "page") == "[A][B own]")
    }
}
