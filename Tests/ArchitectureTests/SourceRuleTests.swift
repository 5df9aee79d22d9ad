import Testing

/// Rules about the sources themselves.
struct SourceRuleTests {
    private func sources() throws -> [SourceTree.File] {
        try ["Shared", "Services", "Tests"].flatMap { try SourceTree.files(below: $0) }
    }

    @Test func noFileIsLongerThan400Lines() throws {
        for file in try sources() {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 401, "\(file.path) has \(lines) lines")
        }
    }

    @Test func theTopLevelHoldsOnlyWhatIsAllowed() throws {
        let allowed: Set = [
            "Package.swift", "Package.resolved", "README.md", "README.zh-CN.md", "LICENSE", "NOTICE", "Shared",
            "Services",
            "Tests", "deploy", "docs", ".ci", ".git", ".gitignore", ".swift-format", ".build", ".dockerignore",
        ]
        let others = Set(try SourceTree.topLevel()).subtracting(allowed)
        #expect(others.isEmpty, "at the top level: \(others.sorted())")
    }

    @Test func namesSayResponsibility() throws {
        let vague = ["Manager", "Helper", "Helpers", "Utils", "Util", "Common", "Base"]
        for file in try sources() {
            let name = file.components.last?.split(separator: ".").first.map(String.init) ?? ""
            #expect(!vague.contains { name.hasSuffix($0) }, "\(file.path)")
        }
    }

    @Test func nothingIsForcedOrSwallowed() throws {
        // Put together so that this file does not find itself.
        let forbidden = ["tr" + "y!", "a" + "s!", " fatal" + "Error(\"", "TO" + "DO", "FIX" + "ME", "Task.sle" + "ep"]
        let inTestsOnly = ["Task.sle" + "ep"]
        for file in try sources() {
            for word in forbidden where file.text.contains(word) {
                if inTestsOnly.contains(word), file.components[0] != "Tests" { continue }
                for line in file.text.split(separator: "\n") where line.contains(word) {
                    Issue.record("\(file.path): \(line.trimmingPrefix(while: \.isWhitespace))")
                }
            }
        }
    }
}
