import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Postgres
import ServiceKit

/// The rule set with its versions, and the proposal of a change (two persons of the city).
struct RulePages: Sendable {
    let desk: PatrolDesk
    let models: PageModels
    let approvals: Approvals

    private struct Versions: Codable, Sendable {
        /// Id of the version in force today.
        var inForce: String
        /// Oldest first; the later ones may be ahead.
        var versions: [RuleSet]
    }

    private struct Proposed: Codable, Sendable { var approvalId: String }

    func declareAPI(_ routes: Routes) {
        routes.get("/rules", .signedIn) { _, _ in
            try await desk.book.refresh(desk.pool)
            return try Response.json(desk.rules)
        }
        routes.get("/rules/versions", .signedIn) { _, _ in
            try await desk.book.refresh(desk.pool)
            return try Response.json(Versions(inForce: desk.rules.id, versions: desk.book.all))
        }
        routes.post("/rules/proposals", .action(.changeRules)) { request, context in
            let change = try await request.json(RuleChange.self, context)
            let id = try await answering { try await propose(change, context) }
            return try Response.json(Proposed(approvalId: id), status: .created)
        }
    }

    func declare(_ routes: Routes) {
        routes.get("/rules", .read(.seePatrolPlan)) { _, context in
            try await answering { try await show(context, form: nil, problem: nil) }
        }
        routes.post("/rules", .action(.changeRules)) { request, context in
            let form = try await request.form(context)
            do {
                let change = try Self.change(form)
                _ = try await answering { try await propose(change, context) }
                return Response.seeOther(approvals.path)
            } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict
            {
                return try await answering { try await show(context, form: form, problem: problem) }
            }
        }
    }

    private static func change(_ form: FormData) throws -> RuleChange {
        var check = form.check()
        let change = RuleChange(
            effectiveFrom: check.date("effective_from"),
            quotas: RuleSet.Quotas(
                city: check.integer("city", in: 1...50), county: check.integer("county", in: 1...50),
                station: check.integer("station", in: 1...50)),
            minimumViewSeconds: check.integer("minimum_view_seconds", in: 10...3600),
            rectifyClass2: check.integer("rectify_class2", in: 1...30),
            rectifyClass3: check.integer("rectify_class3", in: 1...60),
            longestExtensionWorkingDays: check.integer("longest_extension_working_days", in: 1...60),
            yellowAfterDays: check.integer("yellow_after_days", in: 1...60),
            interpretation: check.text("interpretation", maximum: 1000, screened: true))
        try check.done()
        return change
    }

    /// Refused at once when it could not be applied: nobody approves what then fails.
    private func propose(_ change: RuleChange, _ context: BrightContext) async throws -> String {
        guard !change.interpretation.trimmingWhitespace.isEmpty else {
            throw Refusal.input("missing", field: "interpretation", zh: "请说明理由", en: "Please say why")
        }
        try desk.screenReason(change.interpretation, field: "interpretation")
        try await desk.book.refresh(desk.pool)
        let latest = desk.book.all.last ?? desk.rules
        _ = try change.applied(to: latest, version: latest.version + 1, today: LocalDate(context.now))
        return try await desk.pool.transaction { transaction in
            try await approvals.propose(
                RuleApproval.kind, subject: "patrol-rules", content: change, reason: change.interpretation, context,
                in: transaction
            ).id
        }
    }

    private func show(_ context: BrightContext, form: FormData?, problem: Problem?) async throws -> Response {
        try await desk.book.refresh(desk.pool)
        let rules = desk.rules
        let nextMonday = Week(containing: context.now).next.monday.iso
        func field(_ name: String, _ value: String, type: String = "number") -> FormField {
            FormField(
                name, label: models.text("patrol.rules.\(name)", context), value: form?.optional(name) ?? value,
                kind: name == "interpretation" ? .area : .text, type: type,
                fault: problem?.faults.first { $0.field == name }?.detail[context.language])
        }
        func days(_ number: Int) -> String { "\(rules.problemClass(number)?.rectify.workingDays ?? 1)" }
        let current: [(String, String)] = [
            ("city", "\(rules.quotas.city)"), ("county", "\(rules.quotas.county)"),
            ("station", "\(rules.quotas.station)"), ("minimum_view_seconds", "\(rules.minimumViewSeconds)"),
            ("rectify_class2", days(2)), ("rectify_class3", days(3)),
            ("longest_extension_working_days", "\(rules.longestExtensionWorkingDays)"),
            ("yellow_after_days", "\(rules.yellowAfterDays)"),
        ]
        var model: [String: Any] = [
            "id": rules.id, "since": rules.effectiveFrom.iso,
            "current": current.map { ["label": models.text("patrol.rules.\($0.0)", context), "value": $0.1] },
            "versions": desk.book.all.map { version -> [String: Any] in
                [
                    "id": version.id, "from": version.effectiveFrom.iso, "source": version.source,
                    "isCurrent": version.id == rules.id,
                ]
            },
            "mayChange": context.may(.changeRules), "path": "/patrol/rules", "approvalsPath": approvals.path,
            "fields": [field("effective_from", nextMonday, type: "date")] + current.map { field($0.0, $0.1) }
                + [field("interpretation", "", type: "text")],
        ]
        model["problem"] = problem?.detail[context.language]
        return try models.pages.render(
            "rules", context,
            PageMeta(
                title: models.text("patrol.rules.title", context),
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.rules.title", context)),
                ], lead: models.text("patrol.rules.lead", context), current: "patrol"), model: model,
            status: problem?.status ?? .ok)
    }
}
