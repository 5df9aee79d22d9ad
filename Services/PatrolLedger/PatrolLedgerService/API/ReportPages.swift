import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The form for problems that come from outside a patrol, and the list of warnings.
struct ReportPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels
    static let origins: [ProblemOrigin] = [.complaint, .parent, .catererCheck]

    func declare(_ routes: Routes) {
        routes.get("/problems/new", .action(.runPatrol)) { _, context in
            try await answering { try await show(context, form: nil, problem: nil) }
        }
        routes.post("/problems/new", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            do {
                return try await submit(form, request, context)
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await answering { try await show(context, form: form, problem: problem) }
            }
        }
        routes.get("/warnings", .read(.seeProblem)) { request, context in
            try await answering { try await warnings(request, context) }
        }
        routes.post("/warnings/{warning}/lift", .action(.acceptRectification)) { request, context in
            let id: WarningID = try context.id("warning")
            let form = try await request.form(context)
            return try await commands.form(form, request, context) { desk, caller in
                try await desk.liftWarning(id, reason: form.optional("reason"), by: caller)
                return Response.seeOther(PatrolPaths.warnings)
            }
        }
    }

    private func submit(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> Response {
        var check = form.check()
        let origin: ProblemOrigin? = check.choice("origin")
        let canteen: CanteenID = check.id("canteen_id")
        let item = check.text("item_code", maximum: 20)
        let severity = form.optional("severity") == nil ? nil : check.integer("severity", in: 1...3)
        let description = check.text("description", maximum: 2000, screened: true)
        let reference = check.optionalText("reference", maximum: 120, screened: true)
        try check.done()
        guard let origin else { throw Problem(faults: check.faults) }
        let report = ProblemReport(
            origin: origin, canteenId: canteen, itemCode: item, severity: severity, description: description,
            reference: reference)
        return try await commands.form(form, request, context) { desk, caller in
            let id = try await desk.report(report, by: caller)
            return Response.seeOther(PatrolPaths.problem(id))
        }
    }

    private func show(_ context: BrightContext, form: FormData?, problem: Problem?) async throws -> Response {
        let organ = try await desk.ownOrgan(try context.caller())
        let canteens = try await desk.pool.canteens(in: organ)
        func fault(_ name: String) -> String? { problem?.faults.first { $0.field == name }?.detail[context.language] }
        func options(_ list: [(String, String)], _ field: String) -> [FormField.Option] {
            list.map { FormField.Option(value: $0.0, label: $0.1, isSelected: form?.optional(field) == $0.0) }
        }
        let classes =
            [("", models.text("patrol.report.default_class", context))]
            + (1...3).map { ("\($0)", models.text("patrol.class.\($0)", context)) }
        func select(_ name: String, _ label: String, _ list: [(String, String)], isOptional: Bool = false) -> FormField
        {
            FormField(
                name, label: models.text(label, context), kind: .select, fault: fault(name), isOptional: isOptional,
                options: options(list, name))
        }
        let fields = [
            select(
                "origin", "patrol.report.origin", Self.origins.map { ($0.rawValue, models.pages.label($0, context)) }),
            select(
                "canteen_id", "patrol.report.canteen",
                canteens.map { ($0.canteenId.rawValue, "\($0.schoolName) · \($0.name)") }),
            select(
                "item_code", "patrol.report.item",
                desk.checklist.items.map { ($0.code, "\($0.code) \(models.itemText($0.code, context))") }),
            select("severity", "patrol.report.severity", classes, isOptional: true),
            FormField(
                "description", label: models.text("patrol.report.description", context),
                value: form?.optional("description") ?? "", kind: .area, fault: fault("description"), maximum: 2000),
            FormField(
                "reference", label: models.text("patrol.problem.reference", context),
                value: form?.optional("reference") ?? "", fault: fault("reference"), isOptional: true, maximum: 120),
        ]
        return try models.pages.render(
            "problem_new", context,
            PageMeta(
                title: models.text("patrol.report.title", context),
                crumbs: [
                    Crumb(models.text("patrol.problems.title", context), PatrolPaths.problems),
                    Crumb(models.text("patrol.report.title", context)),
                ], lead: models.text("patrol.report.lead", context), current: "problems"),
            model: ["fields": fields, "path": "/patrol/problems/new"] as [String: Any],
            status: problem?.status ?? .ok)
    }

    private func warnings(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try PageRequest(request)
        let visible = try await desk.visibleProblems(try context.caller())
        let found = try await desk.pool.warnings(visible: visible, limit: page.size, offset: page.offset)
        let total = try await desk.pool.warningCount(visible: visible)
        let mayLift = context.may(.acceptRectification)
        let lines = found.map { warning, school -> [String: Any] in
            var line: [String: Any] = [
                "school": school, "level": models.text("patrol.warning.\(warning.level.rawValue)", context),
                "style": warning.level == .red ? "error" : "warn",
                "rule": models.text("patrol.warning.\(warning.rule)", context),
                "issued": DisplayTime.minute(warning.issuedAt), "href": PatrolPaths.problem(warning.problemId),
                "isActive": warning.liftedAt == nil, "canLift": mayLift && warning.liftedAt == nil,
                "lift": "\(PatrolPaths.warnings)/\(warning.warningId)/lift",
            ]
            line["lifted"] = warning.liftedAt.map(DisplayTime.minute)
            line["reason"] = warning.liftReason
            return line
        }
        return try models.pages.render(
            "warnings", context,
            PageMeta(
                title: models.text("patrol.warning.title", context),
                crumbs: [
                    Crumb(models.text("patrol.problems.title", context), PatrolPaths.problems),
                    Crumb(models.text("patrol.warning.title", context)),
                ], lead: models.text("patrol.warning.lead", context), current: "problems", isWide: true),
            model: [
                "warnings": lines, "hasWarnings": !lines.isEmpty,
                "text": models.text("patrol.warning.none", context),
                "pager": PageOf(lines.map { _ in 0 }, of: page, total: total).pager(path: PatrolPaths.warnings),
            ] as [String: Any])
    }
}
