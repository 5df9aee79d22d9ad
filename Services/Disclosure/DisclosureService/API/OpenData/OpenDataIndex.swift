import Contracts
import Hummingbird
import ServiceKit

/// The front door of the open interface: what there is, under which licence, in which version, and what every field
/// means.
struct OpenDataIndex: Sendable {
    private struct Index: Encodable {
        let name: String
        let version: String
        let status: String
        let licence: String
        let documentation: String
        let resources: [String: String]
        /// Verifies the signatures of dumps and badges (C2SP signed-note).
        let verifierKey: String?
    }

    private struct FieldsDocument: Encodable {
        struct Choice: Encodable {
            let code: String
            let zh: String
            let en: String
        }

        struct Field: Encodable {
            let name: String
            let zh: String
            let en: String
            let kind: String
            let required: Bool
            let allowed: String
            let unit: String?
            let audiences: [String]
            let choices: [Choice]?
        }

        struct Category: Encodable {
            let category: DisclosureCategory
            let owner: String
            let validityZh: String
            let validityEn: String
            let source: String
            let notApplicable: Bool
            let fields: [Field]
        }

        let categories: [Category]
    }

    let signer: NoteSigner?

    func declare(_ routes: Routes) {
        routes.get("/v1", .public) { request, _ in
            _ = try OpenDataQuery(request, known: [])
            return try OpenDataAnswer.json(index, request)
        }
        routes.get("/v1/fields", .public) { request, _ in
            _ = try OpenDataQuery(request, known: [])
            return try OpenDataAnswer.json(Self.fields, request)
        }
        for path in [
            "", "/canteens", "/canteens/{id}", "/items", "/items/{id}", "/changes", "/fields", "/dumps", "/districts",
        ] {
            routes.get("/{version}\(path)", .public) { _, context in try Self.unknownVersion(context) }
        }
    }

    private var index: Index {
        Index(
            name: "Bright Kitchen open data", version: "v1", status: "current", licence: OpenDataAnswer.licence,
            documentation: "/disclosure/openapi.yaml",
            resources: [
                "canteens": "/disclosure/v1/canteens", "items": "/disclosure/v1/items",
                "changes": "/disclosure/v1/changes", "fields": "/disclosure/v1/fields", "dumps": "/disclosure/v1/dumps",
                "districts": "/disclosure/v1/districts",
            ], verifierKey: signer?.verifierKey)
    }

    private static let fields = FieldsDocument(
        categories: DisclosureCategory.allCases.map { category in
            let definition = CategoryDefinition.of(category)
            return FieldsDocument.Category(
                category: category, owner: definition.owner.rawValue, validityZh: definition.validity.zh,
                validityEn: definition.validity.en, source: definition.source,
                notApplicable: definition.allowsNotApplicable,
                fields: definition.fields.map { field in
                    var choices: [FieldsDocument.Choice]?
                    if case .choice(let values) = field.kind {
                        choices = values.map {
                            FieldsDocument.Choice(code: $0.code, zh: $0.label.zh, en: $0.label.en)
                        }
                    }
                    return FieldsDocument.Field(
                        name: field.name, zh: field.label.zh, en: field.label.en, kind: field.kind.name,
                        required: field.isRequired, allowed: field.allowed, unit: field.unit,
                        audiences: Audience.allCases.filter(field.audiences.contains).map(\.rawValue), choices: choices)
                })
        })

    /// `/disclosure/v2/…`: a clear answer instead of "not found".
    private static func unknownVersion(_ context: BrightContext) throws -> Response {
        let version = context.parameters.get("version") ?? ""
        guard version.first == "v", version.count > 1, version.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
        else { throw Problem.notFound }
        throw Problem(
            .badRequest, code: "unknown_api_version",
            detail: LocalizedText(zh: "没有这个接口版本。", en: "There is no such version of this interface."),
            field: "version", allowed: "v1")
    }
}
