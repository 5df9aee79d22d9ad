import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The regulator's page: completeness by division, what ends next, replies and appeals that wait.
struct OversightPages: Sendable {
    private struct Division {
        let name: String
        let canteens: String
        let complete: String
        let mean: String
        let expired: String
    }

    private struct Ending {
        let path: String
        let text: String
        let day: String
        let tone: String
    }

    private struct Waiting {
        let path: String
        let itemPath: String
        let canteen: String
        let text: String
        let meta: String
        let mayDecide: Bool
    }

    private struct Canteen {
        let path: String
        let name: String
        let missing: String
    }

    private struct Model {
        let divisions: [Division]
        let unpublished: [Ending]
        let hasUnpublished: Bool
        let unpublishedTotal: String
        let endings: [Ending]
        let hasEndings: Bool
        let endingsTotal: String
        let replies: [Waiting]
        let hasReplies: Bool
        let appeals: [Waiting]
        let hasAppeals: Bool
        let canteens: [Canteen]
        let hasCanteens: Bool
        let pager: Pager?
    }

    let commands: DeskCommands
    private var runtime: ServiceRuntime { commands.runtime }

    func declare(_ routes: Routes) {
        routes.get("/oversight", .read(.publishInspection)) { request, context in try await show(request, context) }
        routes.post("/oversight/replies/{id}", .action(.publishInspection)) { request, context in
            guard let reply = try await Reply.find(context.id("id"), commands.pool) else { throw Problem.notFound }
            _ = try await context.canteen(reply.canteenId, for: .publishInspection, commands.pool)
            let sent = try await request.form(context)
            let publish = try DeskAPI.choice(sent.required("decision"), "publish", "refuse")
            let reason = try sent.optional("reason").map { try DeskCommands.text($0, "reason", maximum: 500) }
            let actor = try context.actor()
            return try await commands.once(
                request.idempotencyKey(sent), Array("\(publish) \(reason ?? "")".utf8), context
            ) {
                try await commands.findings.decideReply(reply, publish: publish, reason: reason, actor, $0)
                return .seeOther("/disclosure/oversight")
            }
        }
        routes.post("/oversight/appeals/{id}", .action(.publishInspection)) { request, context in
            guard let appeal = try await Appeal.find(context.id("id"), commands.pool) else { throw Problem.notFound }
            _ = try await context.canteen(appeal.canteenId, for: .publishInspection, commands.pool)
            let sent = try await request.form(context)
            let upheld = try DeskAPI.choice(sent.required("decision"), "uphold", "dismiss")
            let decision = try DeskCommands.text(sent.optional("reason"), "reason", maximum: 500)
            let actor = try context.actor()
            return try await commands.once(request.idempotencyKey(sent), Array("\(upheld) \(decision)".utf8), context) {
                try await commands.findings.decideAppeal(appeal, upheld: upheld, decision: decision, actor, $0)
                return .seeOther("/disclosure/oversight")
            }
        }
    }

    /// A check is public within 20 working days of its result (监督检查管理办法): the day, and whether it is over.
    private func unpublishedLine(_ head: ItemHead, _ canteen: String, _ words: PortalWords) -> Ending {
        let text = "\(canteen) · \(words.label(head.category))"
        let path = "/disclosure/desk/items/\(head.itemId.rawValue)"
        guard head.category == .d8, let result = head.working?.content.day("result_on") else {
            return Ending(path: path, text: text, day: words.text("oversight.no_deadline"), tone: "plain")
        }
        guard let due = ItemRules.publishBy(result: result, commands.items.calendar) else {
            return Ending(path: path, text: text, day: words.text("appeal.provisional"), tone: "warn")
        }
        let isLate = words.today > due
        return Ending(
            path: path, text: text,
            day: words.text(isLate ? "oversight.late" : "oversight.due", ["day": words.day(due)]),
            tone: isLate ? "error" : "warn")
    }

    private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let page = try PageRequest(request)
        let area = OversightQuery(principal: principal)
        let words = PortalWords(runtime.pages, context)
        let figures = try await area.figures(commands.pool)
        let (endings, endingTotal) = try await area.ending(
            until: words.today.adding(days: 60), limit: 50, commands.pool)
        let (unpublished, unpublishedTotal) = try await area.unpublished(limit: 50, commands.pool)
        let replies = try await area.pendingReplies(commands.pool)
        let appeals = try await area.openAppeals(commands.pool)
        let (canteens, total) = try await area.canteens(page, commands.pool)
        let pageOf = PageOf(canteens, of: page, total: total)
        let model = Model(
            divisions: figures.map { division in
                Division(
                    name: words.division(division.divisionCode), canteens: String(division.canteens),
                    complete: String(division.complete), mean: division.meanPublished,
                    expired: String(division.expiredLicences))
            },
            unpublished: unpublished.map { head, canteen in unpublishedLine(head, canteen, words) },
            hasUnpublished: !unpublished.isEmpty,
            unpublishedTotal: words.text("oversight.unpublished", ["n": String(unpublishedTotal)]),
            endings: endings.map { record, canteen in
                let end = record.validTo ?? words.today
                return Ending(
                    path: "/disclosure/desk/items/\(record.itemId.rawValue)",
                    text: "\(canteen) · \(words.label(record.category)) · \(ItemModel.title(record, words))",
                    day: words.day(end), tone: end <= words.today.adding(days: 7) ? "error" : "warn")
            }, hasEndings: !endings.isEmpty, endingsTotal: words.text("oversight.ending", ["n": String(endingTotal)]),
            replies: replies.map { reply, canteen in
                Waiting(
                    path: "/disclosure/oversight/replies/\(reply.replyId.rawValue)",
                    itemPath: "/disclosure/desk/items/\(reply.itemId.rawValue)", canteen: canteen, text: reply.text,
                    meta: words.time(reply.writtenAt), mayDecide: context.may(.publishInspection))
            }, hasReplies: !replies.isEmpty,
            appeals: appeals.map { appeal, canteen, publisher in
                Waiting(
                    path: "/disclosure/oversight/appeals/\(appeal.appealId.rawValue)",
                    itemPath: "/disclosure/desk/items/\(appeal.itemId.rawValue)", canteen: canteen,
                    text: appeal.grounds,
                    meta: appeal.decideBy.map { words.text("appeal.due", ["day": words.day($0)]) }
                        ?? words.text("appeal.provisional"),
                    mayDecide: context.may(.publishInspection) && publisher != principal.personId.rawValue)
            }, hasAppeals: !appeals.isEmpty,
            canteens: canteens.map { canteen in
                let missing = canteen.completeness.missing.map { words.label($0) }
                    .joined(separator: context.language == .zh ? "、" : ", ")
                return Canteen(
                    path: "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)",
                    name: "\(canteen.schoolName) · \(canteen.name)",
                    missing: missing.isEmpty
                        ? words.text("verdict.published_all") : words.text("oversight.missing") + missing)
            }, hasCanteens: !canteens.isEmpty,
            pager: pageOf.pageCount > 1 ? pageOf.pager(path: "/disclosure/oversight") : nil)
        return try runtime.pages.render(
            "oversight", context,
            PageMeta(
                title: words.text("oversight.title"), lead: words.text("oversight.lead"), current: "oversight",
                isWide: true), model: model)
    }
}
