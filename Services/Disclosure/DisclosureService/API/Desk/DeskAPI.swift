import Access
import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// The desk for programs: `/disclosure/api/…`, JSON, signed in.
struct DeskAPI: Sendable {
    let commands: DeskCommands

    private struct SaveCommand: Decodable, Sendable {
        let canteenId: CanteenID?
        let category: DisclosureCategory?
        let content: [String: FieldInput]?
        let notApplicable: Bool?
        let reason: String?
        let revision: Int?
        /// `submit` or `publish`: the next step, at once.
        let then: String?
    }

    private struct ReasonCommand: Codable, Sendable { let reason: String? }
    private struct TextCommand: Codable, Sendable { let text: String? }
    private struct DecisionCommand: Codable, Sendable {
        let decision: String
        let reason: String?
    }

    func declare(_ routes: Routes) {
        let pool = commands.pool
        routes.get("/items/{id}", .signedIn) { _, context in
            _ = try context.requirePrincipal()
            guard let head = try await ItemStore.head(context.id("id"), pool),
                let canteen = try await CanteenRecord.find(head.canteenId, pool),
                context.mayHandleFiles(of: canteen)
            else { throw Problem.notFound }
            return try await view(head, canteen, context)
        }
        routes.post("/items", .signedIn) { request, context in try await create(request, context) }
        routes.post("/items/{id}/content", .signedIn) { request, context in try await edit(request, context) }
        routes.post("/items/{id}/submit", .signedIn) { request, context in
            try await step(request, context, { $0.draftAction }) { head, _, actor, transaction in
                try await commands.items.submit(head.itemId, actor, transaction)
            }
        }
        routes.post("/items/{id}/publish", .signedIn) { request, context in
            try await step(request, context, { $0.publishAction }) { head, _, actor, transaction in
                try await commands.items.publish(head.itemId, actor, transaction)
            }
        }
        routes.post("/items/{id}/return", .signedIn) { request, context in
            try await step(request, context, { $0.publishAction }) { head, reason, actor, transaction in
                let reason = try DeskCommands.text(reason, "reason", maximum: 500)
                try await commands.items.sendBack(head.itemId, reason: reason, actor, transaction)
            }
        }
        routes.post("/items/{id}/withdraw", .signedIn) { request, context in
            try await step(request, context, { $0.publishAction }) { head, reason, actor, transaction in
                try commands.authoriseWithdrawal(head, context)
                let reason = try DeskCommands.text(reason, "reason", maximum: 500)
                try await commands.items.withdraw(head.itemId, reason: reason, actor, transaction)
            }
        }
        routes.post("/items/{id}/reply", .action(.replyToFinding)) { request, context in
            let (head, _) = try await commands.item(context.id("id"), context) { _ in .replyToFinding }
            let command = try await request.json(TextCommand.self, context)
            let text = try DeskCommands.text(command.text, "text", maximum: FindingDesk.longestReply)
            let actor = try context.actor()
            return try await commands.once(request.idempotencyKey(), BrightJSON.encode(command), context) {
                let id = try await commands.findings.reply(head.itemId, text: text, actor, $0)
                return try .json(["reply_id": id.rawValue, "state": "pending"], status: .created)
            }
        }
        routes.post("/items/{id}/appeal", .action(.replyToFinding)) { request, context in
            let (head, _) = try await commands.item(context.id("id"), context) { _ in .replyToFinding }
            let command = try await request.json(TextCommand.self, context)
            let grounds = try DeskCommands.text(command.text, "text", maximum: FindingDesk.longestReply)
            let actor = try context.actor()
            return try await commands.once(request.idempotencyKey(), BrightJSON.encode(command), context) {
                let id = try await commands.findings.appeal(head.itemId, grounds: grounds, actor, $0)
                return try .json(["appeal_id": id.rawValue, "state": "open"], status: .created)
            }
        }
        declareDecisions(routes)
    }

    private func declareDecisions(_ routes: Routes) {
        routes.post("/replies/{id}/decision", .action(.publishInspection)) { request, context in
            guard let reply = try await Reply.find(context.id("id"), commands.pool) else { throw Problem.notFound }
            _ = try await context.canteen(reply.canteenId, for: .publishInspection, commands.pool)
            let command = try await request.json(DecisionCommand.self, context)
            let publish = try Self.choice(command.decision, "publish", "refuse")
            let reason = try command.reason.map { try DeskCommands.text($0, "reason", maximum: 500) }
            let actor = try context.actor()
            return try await commands.once(request.idempotencyKey(), BrightJSON.encode(command), context) {
                try await commands.findings.decideReply(reply, publish: publish, reason: reason, actor, $0)
                return try .json(["reply_id": reply.replyId.rawValue, "state": publish ? "published" : "refused"])
            }
        }
        routes.post("/appeals/{id}/decision", .action(.publishInspection)) { request, context in
            guard let appeal = try await Appeal.find(context.id("id"), commands.pool) else { throw Problem.notFound }
            _ = try await context.canteen(appeal.canteenId, for: .publishInspection, commands.pool)
            let command = try await request.json(DecisionCommand.self, context)
            let upheld = try Self.choice(command.decision, "uphold", "dismiss")
            let decision = try DeskCommands.text(command.reason, "reason", maximum: 500)
            let actor = try context.actor()
            return try await commands.once(request.idempotencyKey(), BrightJSON.encode(command), context) {
                try await commands.findings.decideAppeal(appeal, upheld: upheld, decision: decision, actor, $0)
                return try .json(["appeal_id": appeal.appealId.rawValue, "state": upheld ? "upheld" : "dismissed"])
            }
        }
    }

    static func choice(_ value: String, _ yes: String, _ no: String) throws -> Bool {
        guard value == yes || value == no else {
            throw Problem.invalid(
                "decision", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: "\(yes), \(no)")
        }
        return value == yes
    }

    private func create(_ request: Request, _ context: BrightContext) async throws -> Response {
        let command = try await request.json(SaveCommand.self, context)
        guard let id = command.canteenId, WellFormed.isIdentifier(id.rawValue) else { throw Self.missing("canteen_id") }
        guard let category = command.category else { throw Self.missing("category") }
        let definition = CategoryDefinition.of(category)
        if definition.owner == .registry { throw DeskCommands.copied }
        let canteen = try await context.canteen(id, for: definition.draftAction, commands.pool)
        return try await save(command, as: nil, definition, canteen, request, context)
    }

    private func edit(_ request: Request, _ context: BrightContext) async throws -> Response {
        let command = try await request.json(SaveCommand.self, context)
        let (head, canteen) = try await commands.item(context.id("id"), context) { $0.draftAction }
        return try await save(command, as: head.itemId, .of(head.category), canteen, request, context)
    }

    private func save(
        _ command: SaveCommand, as item: ItemID?, _ definition: CategoryDefinition, _ canteen: CanteenRecord,
        _ request: Request, _ context: BrightContext
    ) async throws -> Response {
        let step: ItemLifecycle.Step? =
            switch command.then {
            case nil: nil
            case "submit": .submit
            case "publish": .publish
            default:
                throw Problem.invalid(
                    "then", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                    allowed: "submit, publish")
            }
        let draft = ItemDraft(
            input: command.content ?? [:], isNotApplicable: command.notApplicable ?? false,
            reason: command.reason.flatMap { $0.isEmpty ? nil : $0 }, revision: command.revision)
        let key = request.idempotencyKey()
        let content = Array("\(item?.rawValue ?? "") \(draft)".utf8)
        return try await commands.save(
            draft, as: item, definition, of: canteen, then: step, key: key, content: content, context
        ) { id, transaction in
            guard let head = try await ItemStore.head(id, transaction) else { throw Problem.notFound }
            return try .json(
                ItemView(head, names: [:], as: context.audience(of: canteen)), status: item == nil ? .created : .ok)
        }
    }

    /// One step of an existing item; the body, where there is one, gives the reason.
    private func step(
        _ request: Request, _ context: BrightContext, _ action: (CategoryDefinition) -> Action,
        _ work: @escaping @Sendable (ItemHead, String?, ItemDesk.Actor, PostgresTransaction) async throws -> Void
    ) async throws -> Response {
        let (head, canteen) = try await commands.item(context.id("id"), context, action)
        let hasBody = request.headers[.contentType] != nil
        let command = hasBody ? try await request.json(ReasonCommand.self, context) : ReasonCommand(reason: nil)
        let actor = try context.actor()
        return try await commands.once(request.idempotencyKey(), BrightJSON.encode(command), context) { transaction in
            try await work(head, command.reason, actor, transaction)
            guard let after = try await ItemStore.head(head.itemId, transaction) else { throw Problem.notFound }
            return try .json(ItemView(after, names: [:], as: context.audience(of: canteen)))
        }
    }

    private func view(_ head: ItemHead, _ canteen: CanteenRecord, _ context: BrightContext) async throws -> Response {
        let version = (head.published?.version ?? 0) + (head.working == nil ? 0 : 1)
        let names = try await commands.items.persons.names(of: head.itemId, version: version, commands.pool)
        return try .json(ItemView(head, names: names, as: context.audience(of: canteen)))
    }

    private static func missing(_ field: String) -> Problem {
        .invalid(field, code: "missing", zh: "此项必填。", en: "This field is required.")
    }
}
