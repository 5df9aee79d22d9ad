import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/rules`: the routing table, tried on last month's events, changed by two persons (art 4, domain §7.4).
struct BulletinRuleRoutes: Sendable {
    let runtime: ServiceRuntime
    let approvals: Approvals

    private static let home = "/notification/rules"

    private var pool: PostgresPool { runtime.pool }
    private var pages: Pages { runtime.pages }
    private var book: BulletinRuleBook { BulletinRuleBook(pool: runtime.pool) }

    func declare(_ routes: Routes) {
        routes.get("/rules", .read(.changeRules)) { _, context in try await show(context) }
        routes.get("/rules/edit", .action(.changeRules)) { request, context in try await edit(request, context) }
        routes.post("/rules/preview", .action(.changeRules)) { request, context in
            try await preview(request, context)
        }
        routes.post("/rules", .action(.changeRules)) { request, context in try await proposeForm(request, context) }
        routes.get("/v1/bulletin-rules", .read(.changeRules)) { _, _ in try await showJSON() }
        routes.post("/v1/bulletin-rules/dry-run", .action(.changeRules)) { request, context in
            try await dryRunJSON(request, context)
        }
        routes.post("/v1/bulletin-rules", .action(.changeRules)) { request, context in
            try await proposeJSON(request, context)
        }
    }

    // MARK: programs

    private struct Answer: Encodable {
        let version: Int
        let content: BulletinRuleSet
        let versions: [BulletinRuleStore.Version]
    }

    private func showJSON() async throws -> Response {
        let current = try await BulletinRuleStore.current(pool)
        let all = try await BulletinRuleStore.all(pool)
        return try .json(Answer(version: current.version, content: current.content, versions: all))
    }

    private struct Trial: Decodable, Sendable {
        /// Absent: the table in force.
        let content: BulletinRuleSet?
        /// First day; absent: last month.
        let from: LocalDate?
        /// Last day, inclusive.
        let to: LocalDate?
        let page: Int?
        let perPage: Int?
    }

    private struct TrialAnswer: Encodable {
        let from: LocalDate
        let to: LocalDate
        let events: Int
        let changed: Int
        let unanswered: Int
        let rules: [BulletinDryRun.RuleCount]
        let warnings: [BulletinDryRun.RuleWarning]
        let items: [BulletinDryRun.Line]
        let page: Int
        let perPage: Int
        let total: Int
    }

    private func dryRunJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let trial = try await request.json(Trial.self, context)
        let current = try await BulletinRuleStore.current(pool)
        let content = trial.content ?? current.content
        let faults = BulletinRuleCheck.faults(content)
        guard faults.isEmpty else { throw Problem(faults: faults) }
        let standard = BulletinRuleBook.lastMonth(context.now)
        let period = BulletinRuleBook.Period(
            from: trial.from ?? standard.from, until: trial.to?.adding(days: 1) ?? standard.until)
        guard period.from < period.until, period.until <= period.from.adding(days: 366) else {
            throw Problem.invalid(
                "to", code: "not_a_period", zh: "结束日期不早于开始日期，最长一年。",
                en: "Ends no earlier than it begins, at most a year.",
                allowed: "≤ 366 days")
        }
        let number = trial.page ?? 1
        let size = trial.perPage ?? 25
        guard (1...100_000).contains(number), (1...200).contains(size) else {
            throw Problem.invalid(
                "per_page", code: "not_in_range", zh: "页码或每页条数超出范围。", en: "Page or page size out of range.",
                allowed: "1…200")
        }
        let run = try await book.dryRun(content, period, context)
        return try .json(
            TrialAnswer(
                from: period.from, to: period.until.adding(days: -1), events: run.lines.count, changed: run.changed,
                unanswered: run.unanswered, rules: run.counts, warnings: run.warnings,
                items: Array(run.lines.dropFirst((number - 1) * size).prefix(size)), page: number, perPage: size,
                total: run.lines.count))
    }

    private struct Wish: Decodable, Sendable {
        let baseVersion: Int
        let content: BulletinRuleSet
        let reason: String
    }

    private struct Proposed: Encodable {
        let approvalId: String
        let contentSha256: String
    }

    private func proposeJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wish = try await request.json(Wish.self, context)
        let form = FormData(values: [(name: "reason", value: wish.reason)])
        let approval = try await propose(wish.content, base: wish.baseVersion, form, context)
        return try .json(
            Proposed(approvalId: approval.id, contentSha256: approval.contentSHA256), status: .created)
    }

    private func propose(
        _ content: BulletinRuleSet, base: Int, _ form: FormData, _ context: BrightContext
    ) async throws -> Approval {
        var check = form.check()
        let reason = check.text("reason", maximum: 500, screened: true)
        for fault in BulletinRuleCheck.faults(content) { check.fail(fault) }
        try check.done()
        let approvals = approvals
        return try await pool.transaction { transaction in
            let current = try await BulletinRuleStore.current(transaction)
            guard current.version == base else {
                throw Problem.conflict(
                    code: "rules_changed", zh: "规则已有新版本，请重新提出。",
                    en: "The rules have a newer version. Please propose again.")
            }
            guard current.content != content else {
                throw Problem.conflict(
                    code: "nothing_changed", zh: "与现行规则相同。", en: "This is the table that is in force.")
            }
            return try await approvals.propose(
                BulletinRuleBook.kindName, subject: "bulletins",
                content: BulletinRuleBook.Proposal(baseVersion: base, content: content), reason: reason, context,
                in: transaction)
        }
    }

    // MARK: people

    private func meta(_ key: String, _ context: BrightContext) -> PageMeta {
        PageMeta(
            title: pages.text("notification.rules.\(key)", context),
            crumbs: [
                Crumb(pages.text("notification.bulletins.title", context), "/notification/bulletins"),
                Crumb(pages.text("notification.rules.title", context), key == "title" ? nil : Self.home),
            ], current: "bulletins", isWide: true)
    }

    private func show(_ context: BrightContext) async throws -> Response {
        let current = try await BulletinRuleStore.current(pool)
        let all = try await BulletinRuleStore.all(pool)
        let run = try await book.dryRun(current.content, BulletinRuleBook.lastMonth(context.now), context)
        return try pages.render(
            "rules", context, meta("title", context),
            model: BulletinRulesPage(current, all, run, approvalsPath: approvals.path, pages, context))
    }

    private func edit(_ request: Request, _ context: BrightContext) async throws -> Response {
        let current = try await BulletinRuleStore.current(pool)
        let name = try request.query("rule")
        let rule = name.flatMap { id in current.content.rules.first { $0.id == id } }
        if name != nil, rule == nil { throw Problem.notFound }
        return try pages.render(
            "rule-edit", context, meta("edit", context),
            model: BulletinRuleEditPage(
                BulletinRuleForm.form(of: rule, in: current.content), current, problem: nil, pages, context))
    }

    /// Shows what the change would have done, before anybody is asked.
    private func preview(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let current = try await BulletinRuleStore.current(pool)
        do {
            let content = try BulletinRuleForm.content(form, changing: current.content)
            let run = try await book.dryRun(content, BulletinRuleBook.lastMonth(context.now), context)
            return try pages.render(
                "rule-preview", context, meta("preview", context),
                model: try BulletinRulePreviewPage(content, current, run, typed: nil, problem: nil, pages, context))
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try pages.render(
                "rule-edit", context, meta("edit", context),
                model: BulletinRuleEditPage(form, current, problem: problem, pages, context), status: problem.status)
        }
    }

    private func proposeForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let text = form.optional("content") ?? ""
        let content: BulletinRuleSet
        do {
            content = try BrightJSON.decode(BulletinRuleSet.self, from: Array(text.utf8))
        } catch {
            throw Problem.invalid("content", code: "not_rules", zh: "规则内容无法识别。", en: "These are not rules.")
        }
        do {
            _ = try await propose(content, base: Int(form.optional("base") ?? "") ?? 0, form, context)
            return .seeOther(approvals.path)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            let current = try await BulletinRuleStore.current(pool)
            let run = try await book.dryRun(content, BulletinRuleBook.lastMonth(context.now), context)
            return try pages.render(
                "rule-preview", context, meta("preview", context),
                model: try BulletinRulePreviewPage(
                    content, current, run, typed: form, problem: problem, pages, context),
                status: problem.status)
        }
    }
}
