import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The outer limits that the city sets (art 12): shown, proposed by one person, put into effect by another.
struct CityRulesPages: Sendable {
    let live: LiveState
    let refresher: LiveRefresher
    let pages: Pages
    let runtime: ServiceRuntime
    let approvals: Approvals

    static let home = "/parent/city-rules"
    static let kindName = "city_rules"

    /// What is proposed.
    struct Proposal: Codable, Sendable {
        let opens: String
        let closes: String
        let streamsPerSchool: Int
        let streamsPerPerson: Int
        let quota: Int
        let guestDays: Int
        let effectiveFrom: LocalDate
    }

    func declare(_ routes: Routes) {
        routes.get("/city-rules", .read(.changeRules), use: show)
        routes.post("/city-rules", .action(.changeRules), use: proposeForm)
        routes.get("/v1/city-rules", .read(.changeRules), use: showJSON)
        routes.post("/v1/city-rules", .action(.changeRules), use: proposeJSON)
    }

    /// The kind of approval; the effect is the new version, in the transaction of the agreement.
    static func kind(pages: Pages, refresher: LiveRefresher) -> ApprovalKind {
        ApprovalKind(
            kindName, title: LocalizedText(zh: "家长观看的全市规定", en: "The city's limits for parents"),
            proposing: .changeRules, approving: .changeRules,
            facts: { approval, context in
                let wanted = try approval.decode(Proposal.self)
                func fact(_ key: String, _ value: String) -> ApprovalFact {
                    ApprovalFact(pages.text("rules.\(key)", context), value)
                }
                return [
                    fact("window", "\(wanted.opens)–\(wanted.closes)"),
                    fact("streams_per_school", String(wanted.streamsPerSchool)),
                    fact("streams_per_person", String(wanted.streamsPerPerson)),
                    fact("quota", String(wanted.quota)), fact("guest_days", String(wanted.guestDays)),
                    fact("effective_from", wanted.effectiveFrom.iso),
                ]
            },
            apply: { approval, context, tx in
                let wanted = try approval.decode(Proposal.self)
                try await tx.execute(
                    """
                    INSERT INTO city_rules (effective_from, opens, closes, streams_per_school, streams_per_person, quota,
                        guest_days, reason, decided_by, decided_at)
                    VALUES (\(max(wanted.effectiveFrom.start, context.now)), \(wanted.opens), \(wanted.closes),
                        \(wanted.streamsPerSchool), \(wanted.streamsPerPerson), \(wanted.quota), \(wanted.guestDays),
                        \(approval.reason), \(try context.requirePrincipal().personId), \(context.now))
                    """)
                tx.afterCommit { Task { try await refresher.refresh() } }
            })
    }

    // MARK: show

    @Sendable func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await render(context, typed: nil, problem: nil)
    }

    @Sendable func showJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let current = live.city(at: context.now)
        let all = try await LiveReader(pool: runtime.pool, clock: runtime.clock).cityRules()
        return try Response.json(
            CityRulesAnswer(inForce: CityRulesLine(current), versions: all.map { CityRulesLine($0) }))
    }

    private func render(_ context: BrightContext, typed: FormData?, problem: Problem?) async throws -> Response {
        let current = live.city(at: context.now)
        let versions = try await LiveReader(pool: runtime.pool, clock: runtime.clock).cityRules()
        func field(_ name: String, _ value: String, type: String = "text", optional: Bool = false) -> FormField {
            FormField(
                name, label: pages.text("rules.\(name)", context), value: typed?.optional(name) ?? value, type: type,
                fault: problem?.faults.first { $0.field == name }?.detail[context.language], isOptional: optional,
                maximum: type == "text" ? 200 : nil)
        }
        let fields = [
            field("opens", current.limits.opens.text), field("closes", current.limits.closes.text),
            field("streams_per_school", String(current.streams.perSchool), type: "number"),
            field("streams_per_person", String(current.streams.perPerson), type: "number"),
            field("quota", String(current.quota), type: "number"),
            field("guest_days", String(current.guestDays), type: "number"),
            field("effective_from", LocalDate(context.now).iso, type: "date"), field("reason", ""),
        ]
        func row(_ rules: CityRules) -> CityRulesRow {
            CityRulesRow(
                version: rules.version == "standard" ? pages.text("rules.standard", context) : rules.version,
                since: rules.version == "standard" ? "" : LocalTime.minute(rules.effectiveFrom),
                window: rules.limits.text, perSchool: String(rules.streams.perSchool),
                perPerson: String(rules.streams.perPerson), quota: String(rules.quota),
                guestDays: String(rules.guestDays))
        }
        return try pages.render(
            "city_rules", context,
            PageMeta(
                title: pages.text("rules.title", context), lead: pages.text("rules.lead", context),
                current: "parent_rules", isWide: true),
            model: CityRulesModel(
                current: [row(current)], versions: versions.reversed().map { row($0) }, hasVersions: !versions.isEmpty,
                canPropose: context.may(.changeRules), fields: fields, approvalsPath: approvals.path,
                conflict: problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil }),
            status: problem?.status ?? .ok)
    }

    // MARK: propose

    @Sendable func proposeForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            try await propose(form, context)
            return Response.seeOther(approvals.path)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await render(context, typed: form, problem: problem)
        }
    }

    struct Wish: Decodable, Sendable {
        let opens: String
        let closes: String
        let streamsPerSchool: Int
        let streamsPerPerson: Int
        let quota: Int
        let guestDays: Int
        let effectiveFrom: LocalDate
        let reason: String
    }

    @Sendable func proposeJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wish = try await request.json(Wish.self, context)
        let values = [
            ("opens", wish.opens), ("closes", wish.closes), ("streams_per_school", String(wish.streamsPerSchool)),
            ("streams_per_person", String(wish.streamsPerPerson)), ("quota", String(wish.quota)),
            ("guest_days", String(wish.guestDays)), ("effective_from", wish.effectiveFrom.iso),
            ("reason", wish.reason),
        ]
        let id = try await propose(FormData(values: values.map { (name: $0.0, value: $0.1) }), context)
        return try Response.json(["approval_id": id], status: .created)
    }

    @discardableResult
    private func propose(_ form: FormData, _ context: BrightContext) async throws -> String {
        var check = form.check()
        let opens = Self.time("opens", form, &check)
        let closes = Self.time("closes", form, &check)
        if let opens, let closes, CityLimits(opens: opens, closes: closes) == nil {
            check.fail(
                FieldFault(
                    field: "closes", code: "window_order",
                    detail: LocalizedText(zh: "关闭时间必须晚于开放时间。", en: "It must close after it opens."),
                    allowed: "HH:MM"))
        }
        let proposal = Proposal(
            opens: opens?.text ?? "", closes: closes?.text ?? "",
            streamsPerSchool: check.integer("streams_per_school", in: 1...10_000),
            streamsPerPerson: check.integer("streams_per_person", in: 1...100),
            quota: check.integer("quota", in: 1...100_000), guestDays: check.integer("guest_days", in: 1...366),
            effectiveFrom: check.date("effective_from"))
        let reason = check.text("reason", maximum: 500, screened: true)
        try check.done()
        return try await runtime.pool.transaction { tx in
            try await approvals.propose(
                Self.kindName, subject: "parent-access", content: proposal, reason: reason, context, in: tx
            ).id
        }
    }

    private static func time(_ name: String, _ form: FormData, _ check: inout FormCheck) -> TimeOfDay? {
        guard let time = form.optional(name).flatMap({ TimeOfDay(text: $0) }) else {
            check.fail(
                FieldFault(
                    field: name, code: "not_a_time",
                    detail: LocalizedText(zh: "请填写时间，例如 06:00。", en: "Please give a time such as 06:00."),
                    allowed: "HH:MM"))
            return nil
        }
        return time
    }
}
