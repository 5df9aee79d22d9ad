import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The page of one item at the desk with the steps that this person may take.
struct ItemPage: Sendable {
    private struct Step {
        let path: String
        let label: String
        let style: String
        /// Field for the words that the step asks for; nil: none.
        let field: FormField?
    }

    private struct Model {
        let published: ItemModel?
        let hasPublished: Bool
        let working: ItemModel?
        let hasWorking: Bool
        let returnReason: String?
        let editPath: String?
        let steps: [Step]
        let replies: [String]
        let appeals: [String]
        let publicPath: String
    }

    let commands: DeskCommands
    private var runtime: ServiceRuntime { commands.runtime }

    func declare(_ routes: Routes) {
        routes.get("/desk/items/{id}", .signedIn) { _, context in try await show(context) }
        for step in ["submit", "publish", "return", "withdraw", "reply", "appeal"] {
            routes.post("/desk/items/{id}/\(step)", .signedIn) { request, context in
                try await take(step, request, context)
            }
        }
    }

    private func show(_ context: BrightContext) async throws -> Response {
        _ = try context.requirePrincipal()
        guard let head = try await ItemStore.head(context.id("id"), commands.pool),
            let canteen = try await CanteenRecord.find(head.canteenId, commands.pool),
            context.mayHandleFiles(of: canteen)
        else { throw Problem.notFound }
        let words = PortalWords(runtime.pages, context)
        let audience = context.audience(of: canteen)
        let names = try await commands.items.persons.names(
            of: head.itemId, version: head.published?.version ?? 0, commands.pool)
        let workingNames = try await commands.items.persons.names(
            of: head.itemId, version: (head.published?.version ?? 0) + 1, commands.pool)
        let working = head.working.map { working in
            ItemModel(
                ItemRecord(
                    position: 0, itemId: head.itemId, canteenId: head.canteenId, category: head.category,
                    version: (head.published?.version ?? 0) + 1, state: working.state,
                    isNotApplicable: working.isNotApplicable, content: working.content, reason: working.reason,
                    reply: nil, isLate: false, validFrom: words.today, validTo: nil, supersededBy: nil,
                    isContested: false, publishedAt: working.at, recordedAt: working.at), as: audience,
                names: workingNames, words)
        }
        let definition = CategoryDefinition.of(head.category)
        let mayEdit =
            definition.owner != .registry && context.may(definition.draftAction, on: canteen.resource)
            && ItemLifecycle.allows(.edit, working: head.working?.state, current: head.published?.state)
        let model = Model(
            published: head.published.map { ItemModel($0, as: audience, names: names, words) },
            hasPublished: head.published != nil, working: working, hasWorking: working != nil,
            returnReason: head.working?.returnReason,
            editPath: mayEdit ? "/disclosure/desk/items/\(head.itemId.rawValue)/edit" : nil,
            steps: steps(head, canteen, definition, context, words),
            replies: try await Reply.of(head.itemId, commands.pool).map { reply in
                "\(words.time(reply.writtenAt)) · \(words.text("reply.\(reply.state)")) · \(reply.text)"
            },
            appeals: try await Appeal.of(head.itemId, commands.pool).map { appeal in
                let due = appeal.decideBy.map { words.text("appeal.due", ["day": words.day($0)]) } ?? ""
                return [words.time(appeal.filedAt), words.text("appeal.\(appeal.state)"), due, appeal.grounds]
                    .joined(separator: " · ") + (appeal.decision.map { " → \($0)" } ?? "")
            }, publicPath: "/disclosure/canteens/\(canteen.canteenId.rawValue)#category-\(head.category.rawValue)")
        return try runtime.pages.render(
            "desk-item", context,
            PageMeta(
                title: words.label(head.category),
                crumbs: [
                    Crumb(words.text("desk.title"), "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)"),
                    Crumb(words.label(head.category)),
                ], lead: "\(canteen.schoolName) · \(canteen.name)", current: "publishing"), model: model)
    }

    private func steps(
        _ head: ItemHead, _ canteen: CanteenRecord, _ definition: CategoryDefinition, _ context: BrightContext,
        _ words: PortalWords
    ) -> [Step] {
        guard definition.owner != .registry else { return [] }
        let base = "/disclosure/desk/items/\(head.itemId.rawValue)"
        let mayPublish = context.may(definition.publishAction, on: canteen.resource)
        let mayDraft = context.may(definition.draftAction, on: canteen.resource)
        func allows(_ step: ItemLifecycle.Step) -> Bool {
            ItemLifecycle.allows(step, working: head.working?.state, current: head.published?.state)
        }
        func reason(_ step: String) -> FormField {
            FormField(
                "text", label: words.text("desk.\(step)_reason"), kind: .area,
                maximum: step == "reply" || step == "appeal" ? FindingDesk.longestReply : 500)
        }
        var steps: [Step] = []
        func add(_ name: String, _ style: String, asks: Bool) {
            steps.append(
                Step(
                    path: "\(base)/\(name)", label: words.text("desk.\(name)"), style: style,
                    field: asks ? reason(name) : nil))
        }
        if mayPublish, allows(.publish) { add("publish", "primary", asks: false) }
        if mayDraft, !mayPublish, allows(.submit) { add("submit", "primary", asks: false) }
        if mayPublish, allows(.sendBack) { add("return", "quiet", asks: true) }
        if definition.isFinding, head.published?.state == .published,
            context.may(.replyToFinding, on: canteen.resource)
        {
            add("reply", "primary", asks: true)
            add("appeal", "quiet", asks: true)
        }
        if mayPublish, allows(.withdraw) { add("withdraw", "danger", asks: true) }
        return steps
    }

    private func take(_ step: String, _ request: Request, _ context: BrightContext) async throws -> Response {
        let isReply = step == "reply" || step == "appeal"
        let (head, _) = try await commands.item(context.id("id"), context) { definition in
            isReply ? .replyToFinding : step == "submit" ? definition.draftAction : definition.publishAction
        }
        let sent = try await request.form(context)
        if step == "withdraw" { try commands.authoriseWithdrawal(head, context) }
        let isAsking = isReply || step == "return" || step == "withdraw"
        let text =
            isAsking
            ? try DeskCommands.text(
                sent.optional("text"), "text", maximum: isReply ? FindingDesk.longestReply : 500) : ""
        let actor = try context.actor()
        let id = head.itemId
        return try await commands.once(
            request.idempotencyKey(sent), Array("\(step) \(text)".utf8), context
        ) { transaction in
            switch step {
            case "submit": try await commands.items.submit(id, actor, transaction)
            case "publish": try await commands.items.publish(id, actor, transaction)
            case "return": try await commands.items.sendBack(id, reason: text, actor, transaction)
            case "withdraw": try await commands.items.withdraw(id, reason: text, actor, transaction)
            case "reply": _ = try await commands.findings.reply(id, text: text, actor, transaction)
            default: _ = try await commands.findings.appeal(id, grounds: text, actor, transaction)
            }
            return .seeOther("/disclosure/desk/items/\(id.rawValue)")
        }
    }
}
