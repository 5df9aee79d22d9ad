import Access
import Foundation
import HTTPTypes
import Hummingbird
import Mustache

/// A service's pages: its mustache templates in the shared layout. Everything is escaped; `{{{…}}}` is for the layout only.
///
/// A template `canteen.mustache` holds the body of the page and is named `"canteen"`. It sees the members of the model,
/// and `t` (texts), `csrf` (hidden field), `path`, `language`, `isSignedIn`. Partials of ServiceKit are `{{>bright/…}}`.
public struct Pages: Sendable {
    public let strings: Strings
    public let prefix: String
    private let library: MustacheLibrary
    fileprivate let assets: Assets

    /// Loads and checks all templates and texts; throws `PagesError` naming every template that uses an unknown text.
    public init(bundle: Bundle?, prefix: String) async throws {
        self.prefix = prefix
        assets = try Assets.load()
        var strings = Strings()
        var templates: [String: String] = [:]
        for folder in [Bundle.module, bundle].compactMap({ $0?.resourceURL?.appendingPathComponent("Templates") }) {
            let isShared = templates.isEmpty
            for (name, text) in try Self.files(in: folder, suffix: ".mustache") {
                templates[isShared && name != "layout" ? "bright/\(name)" : name] = text
            }
            for (name, text) in try Self.files(in: folder, suffix: ".yaml") {
                strings = strings.merging(try Strings(yaml: text, file: name))
            }
        }
        self.strings = strings
        library = try TemplateLoader.library(templates, strings: strings)
    }

    public func render(
        _ template: String, _ context: BrightContext, _ meta: PageMeta, model: Any = [String: String](),
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var shared = sharedValues(context, meta)
        guard let content = library.render(PageScope(model: model, shared: shared), withTemplate: template) else {
            throw PagesError(faults: ["no template \(template)"])
        }
        shared["content"] = content
        guard let html = library.render(shared, withTemplate: "layout") else {
            throw PagesError(faults: ["no layout"])
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// A text in the request's language.
    public func text(_ key: String, _ context: BrightContext, _ arguments: [String: String] = [:]) -> String {
        strings.text(key, context.language, arguments)
    }

    /// A text for somebody who is not asking for a page: the reader of a mail.
    public func text(_ key: String, in language: Language) -> String { strings.text(key, language) }

    /// The name of a value of the shared vocabulary (role, zone, department …) in the request's language.
    public func label(_ value: some Labelled, _ context: BrightContext) -> String {
        strings.text(value.labelKey, context.language)
    }

    func problem(_ problem: Problem, _ context: BrightContext) throws -> Response {
        let title = StatusTitle.of(problem.status)[context.language]
        return try render(
            "bright/problem", context, PageMeta(title: title),
            model: [
                "detail": problem.detail[context.language], "code": String(problem.status.code),
                "correlation": context.correlationId, "hasFaults": !problem.faults.isEmpty,
                "faults": problem.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] },
            ] as [String: Any], status: problem.status)
    }

    private func sharedValues(_ context: BrightContext, _ meta: PageMeta) -> [String: Any] {
        var values: [String: Any] = [
            "t": TextNode(strings: strings, language: context.language),
            "language": context.language.tag,
            "csrf": context.csrfToken,
            "formToken": RandomToken.text(bytes: 16),
            "path": context.requestPath,
            "title": meta.title,
            "isWide": meta.isWide,
            "isSignedIn": context.principal != nil,
            "isUntrained": context.principal?.training != nil,
            "isTrainingBlocking": context.principal?.training == .blocked,
            "stylesheet": assets.path("bright.css", prefix: prefix),
            "scripts": (["session.js"] + meta.scripts).map { assets.path($0, prefix: prefix) },
            "icon": assets.path("icon.svg", prefix: prefix),
            "poster": assets.path("poster.svg", prefix: prefix),
            "hasCrumbs": !meta.crumbs.isEmpty,
            "logoutPath": context.principal?.role == .parentRepresentative ? "/parent/logout" : "/registry/logout",
            "loginPath": prefix == "/parent" ? "/parent/login" : "/registry/login",
            "crumbs": meta.crumbs.map { ["label": $0.label, "target": $0.path].compactMapValues { $0 } },
            "navigation": Navigation.entries(for: context.principal, current: meta.current).map { entry in
                [
                    "path": entry.item.path, "label": strings.text("nav.\(entry.item.key)", context.language),
                    "isCurrent": entry.isCurrent,
                ] as [String: Any]
            },
        ]
        values["lead"] = meta.lead
        // No `<` in the text: the block cannot be ended from inside.
        values["structuredData"] = meta.structuredData?.replacing("<", with: "\\u003c")
        if let principal = context.principal {
            values["roleName"] = strings.text(principal.role.labelKey, context.language)
            values["isParent"] = principal.role == .parentRepresentative
            if principal.role != .parentRepresentative { values["accountPath"] = "/registry/account" }
        }
        return values
    }

    private static func files(in folder: URL, suffix: String) throws -> [(name: String, text: String)] {
        guard let walker = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        var files: [(name: String, text: String)] = []
        for case let path as String in walker where path.hasSuffix(suffix) {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            files.append((String(path.dropLast(suffix.count)), text))
        }
        return files.sorted { $0.name < $1.name }
    }
}

extension Pages {
    func asset(_ name: String, _ request: Request) throws -> Response {
        try assets.response(name, request)
    }
}
