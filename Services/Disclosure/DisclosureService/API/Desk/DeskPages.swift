import Access
import Attachments
import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The school's desk: what is missing or ends next, forms, and the steps of an item. Regulators use the same pages for
/// D2 and D8.
struct DeskPages: Sendable {
    let commands: DeskCommands
    let files: FileRoutes

    private var runtime: ServiceRuntime { commands.runtime }

    func declare(_ routes: Routes) {
        let upload = RouteOptions(bodyLimit: commands.intake.limits.bodyLimit(files: FileRoutes.mostFiles))
        routes.get("/desk", .action(.draftSchoolItems)) { _, context in try await home(context) }
        routes.get("/desk/canteens/{id}", .signedIn) { _, context in try await canteen(context) }
        routes.get("/desk/canteens/{id}/new/{category}", .signedIn) { _, context in
            try await form(context, problem: nil, sent: nil)
        }
        routes.post("/desk/canteens/{id}/new/{category}", .signedIn, options: upload) { request, context in
            try await save(request, context)
        }
        routes.get("/desk/items/{id}/edit", .signedIn) { _, context in
            try await form(context, problem: nil, sent: nil)
        }
        routes.post("/desk/items/{id}/edit", .signedIn, options: upload) { request, context in
            try await save(request, context)
        }
    }

    private func home(_ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        guard let school = principal.schoolId else { throw Problem.forbidden }
        let words = PortalWords(runtime.pages, context)
        var canteens: [DeskCanteenModel] = []
        for canteen in try await CanteenRecord.of(school, commands.pool) {
            canteens.append(
                DeskCanteenModel(
                    canteen, try await ItemStore.heads(of: canteen.canteenId, commands.pool), context, words))
        }
        return try runtime.pages.render(
            "desk", context,
            PageMeta(title: words.text("desk.title"), lead: words.text("desk.lead"), current: "publishing"),
            model: ["canteens": canteens, "isEmpty": canteens.isEmpty] as [String: Any])
    }

    private func canteen(_ context: BrightContext) async throws -> Response {
        let canteen = try await own(context)
        let words = PortalWords(runtime.pages, context)
        let model = DeskCanteenModel(
            canteen, try await ItemStore.heads(of: canteen.canteenId, commands.pool), context, words)
        return try runtime.pages.render(
            "desk", context,
            PageMeta(title: words.text("desk.title"), lead: canteen.schoolName, current: "publishing"),
            model: ["canteens": [model], "isEmpty": false] as [String: Any])
    }

    /// The canteen of the path, for those who work with its items.
    private func own(_ context: BrightContext) async throws -> CanteenRecord {
        _ = try context.requirePrincipal()
        guard let canteen = try await CanteenRecord.find(context.id("id"), commands.pool) else {
            throw Problem.notFound
        }
        guard context.mayHandleFiles(of: canteen) else {
            throw context.may(.draftSchoolItems) || context.may(.publishInspection, intent: .read)
                ? Problem.notFound : .forbidden
        }
        return canteen
    }

    private struct Target {
        let canteen: CanteenRecord
        let definition: CategoryDefinition
        let head: ItemHead?
        let path: String
    }

    private func target(_ context: BrightContext) async throws -> Target {
        if context.parameters.get("category") == nil {
            let (head, canteen) = try await commands.item(context.id("id"), context) { $0.draftAction }
            return Target(
                canteen: canteen, definition: .of(head.category), head: head,
                path: "/disclosure/desk/items/\(head.itemId.rawValue)/edit")
        }
        guard let category = DisclosureCategory(rawValue: context.parameters.get("category") ?? "") else {
            throw Problem.notFound
        }
        let definition = CategoryDefinition.of(category)
        if definition.owner == .registry { throw DeskCommands.copied }
        let canteen = try await context.canteen(context.id("id"), for: definition.draftAction, commands.pool)
        return Target(
            canteen: canteen, definition: definition, head: nil,
            path: "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)/new/\(category.rawValue)")
    }

    private func form(
        _ context: BrightContext, problem: Problem?, sent: FormData?
    ) async throws -> Response {
        let target = try await target(context)
        let words = PortalWords(runtime.pages, context)
        let form = ItemForm(definition: target.definition, words: words)
        var values: [String: String]
        if let sent {
            values = Dictionary(sent.values.map { ($0.name, $0.value) }) { first, _ in first }
        } else if let head = target.head {
            let content = head.working?.content ?? head.published?.content ?? ItemContent()
            values = ItemForm.values(content, target.definition)
            let version = (head.published?.version ?? 0) + (head.working == nil ? 0 : 1)
            let names = try await commands.items.persons.names(of: head.itemId, version: version, commands.pool)
            values.merge(names) { $1 }
            values[ItemForm.reason] = head.working?.reason
        } else {
            let last = try await ItemStore.current(of: target.canteen.canteenId, commands.pool)
                .first { $0.category == target.definition.category }
            values = form.template(last, today: words.today.iso)
        }
        let isCorrection = target.head?.published != nil
        let model = ItemFormModel(
            path: target.path, fields: form.fields(values, problem: problem),
            reason: values[ItemForm.reason] ?? "", isCorrection: isCorrection,
            allowsNotApplicable: target.definition.allowsNotApplicable && target.head == nil,
            mayPublish: context.may(target.definition.publishAction, on: target.canteen.resource),
            validity: words.text(target.definition.validity), revision: target.head.map { String($0.revision) },
            hasFaults: problem != nil,
            faults: problem.map { problem in
                problem.faults.isEmpty
                    ? [ItemFormModel.Fault(field: "form", detail: problem.detail[context.language])]
                    : problem.faults.map { .init(field: $0.field, detail: $0.detail[context.language]) }
            } ?? [])
        return try runtime.pages.render(
            "item-form", context,
            PageMeta(
                title: words.label(target.definition.category),
                crumbs: [
                    Crumb(words.text("desk.title"), "/disclosure/desk/canteens/\(target.canteen.canteenId.rawValue)"),
                    Crumb(words.label(target.definition.category)),
                ], lead: "\(target.canteen.schoolName) · \(target.canteen.name)", current: "publishing"), model: model,
            status: problem?.status ?? .ok)
    }

    private func save(_ request: Request, _ context: BrightContext) async throws -> Response {
        let target = try await target(context)
        let sent = try await request.form(context)
        do {
            var draft = ItemDraft(
                isNotApplicable: sent.optional(ItemForm.notApplicable) != nil, reason: sent.optional(ItemForm.reason),
                revision: sent.optional("revision").flatMap { Int($0) })
            for field in target.definition.fields {
                if case .files = field.kind {
                    draft.input[field.name] = try await fileInput(field.name, sent, target, context)
                } else if let value = sent.optional(field.name) {
                    draft.input[field.name] = .text(value)
                }
            }
            if draft.isNotApplicable { draft.input = [:] }
            let step: ItemLifecycle.Step? =
                switch sent.optional("then") {
                case "publish": .publish
                case "submit": .submit
                default: nil
                }
            let key = request.idempotencyKey(sent)
            return try await commands.save(
                draft, as: target.head?.itemId, target.definition, of: target.canteen, then: step, key: key,
                content: Array("\(draft)".utf8), context
            ) { id, _ in .seeOther("/disclosure/desk/items/\(id.rawValue)") }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await form(context, problem: problem, sent: sent)
        }
    }

    /// New files of the field; without any, the ones that the item has already.
    private func fileInput(
        _ field: String, _ sent: FormData, _ target: Target, _ context: BrightContext
    ) async throws -> FieldInput {
        let uploads = sent.files(field)
        guard uploads.isEmpty else {
            return .list(try await files.accept(uploads, for: target.canteen, context).map(\.digest))
        }
        let content = target.head.flatMap { $0.working?.content ?? $0.published?.content }
        return .list(content?.values[field]?.files ?? [])
    }
}

/// What the page `item-form` shows.
struct ItemFormModel {
    struct Fault {
        let field: String
        let detail: String
    }

    let path: String
    let fields: [FormField]
    let reason: String
    let isCorrection: Bool
    let allowsNotApplicable: Bool
    let mayPublish: Bool
    let validity: String
    let revision: String?
    let hasFaults: Bool
    let faults: [Fault]
}
