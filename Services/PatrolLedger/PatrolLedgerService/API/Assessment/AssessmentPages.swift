import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The facts of a period with plots, the list of frozen periods, and one of them.
struct AssessmentPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels
    static let path = "/patrol/assessments"

    func declare(_ routes: Routes) {
        routes.get("/assessments", .read(.urge)) { request, context in
            try await answering { try await list(request, context, form: nil, problem: nil) }
        }
        routes.post("/assessments", .action(.urge)) { request, context in
            let form = try await request.form(context)
            do {
                var check = form.check()
                let order = AssessmentOrder(
                    name: check.text("name", maximum: 100, screened: true), firstDay: check.date("first_day"),
                    lastDay: check.date("last_day"),
                    reason: check.optionalText("reason", maximum: 1000, screened: true))
                try check.done()
                return try await commands.form(form, request, context) { desk, caller in
                    .seeOther("\(Self.path)/\(try await desk.freezeAssessment(order, by: caller))")
                }
            } catch let problem as Problem where [.unprocessableContent, .conflict].contains(problem.status) {
                return try await answering { try await list(request, context, form: form, problem: problem) }
            }
        }
        routes.get("/assessments/{assessment}", .read(.urge)) { _, context in
            try await answering { try await show(context) }
        }
        routes.get("/school/assessment", .action(.draftSchoolItems)) { request, context in
            try await answering { try await own(request, context) }
        }
    }

    /// What is counted of one's own school, line by line.
    private func own(_ request: Request, _ context: BrightContext) async throws -> Response {
        let days = try AssessmentAPI.days(request, today: LocalDate(context.now))
        let facts = try await desk.ownAssessmentFacts(from: days.from, to: days.to, for: try context.caller())
        let path = "/patrol/school/assessment"
        return try models.pages.render(
            "school_assessment", context,
            PageMeta(
                title: models.text("patrol.assess.own", context),
                crumbs: [
                    Crumb(models.text("patrol.school.title", context), "/patrol/school")
                ], lead: models.text("patrol.assess.own_lead", context), current: "school_tasks"),
            model: [
                "path": path, "from": days.from.iso, "to": days.to.iso, "formula": facts.formula,
                "presets": presets(path, days, context),
                "canteens": facts.canteens.map { canteen -> [String: Any] in
                    [
                        "name": canteen.canteenName,
                        "facts": canteen.counts.fields.map { field -> [String: Any] in
                            [
                                "label": models.text("patrol.assess.field.\(field.name)", context),
                                "value": field.name.hasSuffix("_permille")
                                    ? Self.rate(field.value) : field.value.map(String.init) ?? "–",
                            ]
                        },
                    ]
                },
            ] as [String: Any])
    }

    private func presets(_ path: String, _ days: AssessmentAPI.Days, _ context: BrightContext) -> [[String: Any]] {
        AssessmentPeriod.presets(LocalDate(context.now)).map { period in
            let name =
                switch period.kind {
                case .term(let term):
                    models.text(
                        "patrol.assess.term_\(term)", context, ["years": "\(period.year)-\(period.year + 1)"])
                case .year: models.text("patrol.assess.year", context, ["year": "\(period.year)"])
                }
            return [
                "href": "\(path)?period=\(period.code)", "label": name,
                "isSelected": period.firstDay == days.from && period.lastDay == days.to,
            ]
        }
    }

    private func list(
        _ request: Request, _ context: BrightContext, form: FormData?, problem: Problem?
    ) async throws -> Response {
        let page = try PageRequest(request)
        let organ = context.principal?.organId
        let frozen = try await desk.pool.assessments(of: organ, limit: page.size, offset: page.offset)
        let total = try await desk.pool.assessmentCount(of: organ)
        let days = try AssessmentAPI.days(request, today: LocalDate(context.now))
        var model: [String: Any] = [
            "presets": presets(Self.path, days, context),
            "path": Self.path, "from": days.from.iso, "to": days.to.iso, "frozen": frozen.map(line),
            "hasFrozen": !frozen.isEmpty,
            "pager": PageOf(frozen.map(\.version), of: page, total: total).pager(path: Self.path),
            "hasFaults": (problem?.faults.count ?? 0) > 0,
            "faults": (problem?.faults ?? []).map { ["field": $0.field, "detail": $0.detail[context.language]] },
        ]
        // The auditor has no area of their own: they read what was frozen.
        if organ != nil {
            let facts = try await desk.assessmentFacts(from: days.from, to: days.to, for: try context.caller())
            model["facts"] = factsModel(facts, context)
        }
        if context.may(.urge) {
            func field(_ name: String, _ value: String, type: String = "text", isOptional: Bool = false) -> FormField {
                FormField(
                    name, label: models.text("patrol.assess.\(name)", context), value: form?.optional(name) ?? value,
                    type: type, fault: problem?.faults.first { $0.field == name }?.detail[context.language],
                    isOptional: isOptional, maximum: type == "text" ? 100 : nil)
            }
            model["freeze"] = [
                "fields": [
                    field("name", ""), field("first_day", days.from.iso, type: "date"),
                    field("last_day", days.to.iso, type: "date"), field("reason", "", isOptional: true),
                ]
            ]
        }
        return try models.pages.render(
            "assessments", context,
            PageMeta(
                title: models.text("patrol.assess.title", context), lead: models.text("patrol.assess.lead", context),
                current: "assessments", isWide: true), model: model, status: problem?.status ?? .ok)
    }

    private func show(_ context: BrightContext) async throws -> Response {
        let file = try await desk.assessmentFile(try AssessmentAPI.id(context), for: try context.caller())
        let changes = file.changes ?? []
        var model: [String: Any] = [
            "facts": factsModel(file.content, context), "hash": file.record.contentHash,
            "formula": file.record.formula, "version": file.record.version,
            "frozenAt": DisplayTime.minute(file.record.frozenAt),
            "export": "/patrol/api/v1/assessments/\(file.record.assessmentId)/export",
            "versions": file.versions.map(line), "isReissue": file.changes != nil, "hasChanges": !changes.isEmpty,
            "changes": changes.map { change -> [String: Any] in
                [
                    "name": change.name, "field": models.text("patrol.assess.field.\(change.field)", context),
                    "before": change.before.map(String.init) ?? "–", "after": change.after.map(String.init) ?? "–",
                ]
            },
        ]
        model["reason"] = file.record.reason
        return try models.pages.render(
            "assessment", context,
            PageMeta(
                title: file.record.name,
                crumbs: [Crumb(models.text("patrol.assess.title", context), Self.path), Crumb(file.record.name)],
                lead: "\(file.record.firstDay.iso) – \(file.record.lastDay.iso)", current: "assessments",
                isWide: true), model: model)
    }

    private func line(_ record: AssessmentRecord) -> [String: Any] {
        [
            "href": "\(Self.path)/\(record.assessmentId)", "name": record.name, "version": record.version,
            "days": "\(record.firstDay.iso) – \(record.lastDay.iso)", "at": DisplayTime.minute(record.frozenAt),
        ]
    }

    private func factsModel(_ facts: AssessmentContent, _ context: BrightContext) -> [String: Any] {
        let checks = facts.divisions.map {
            BarPlot.Bar(label: $0.divisionCode, permille: $0.counts.selfCheckPermille)
        }
        let timely = facts.divisions.map {
            BarPlot.Bar(label: $0.divisionCode, permille: $0.counts.timelyPermille)
        }
        let disclosed = facts.divisions.map {
            BarPlot.Bar(label: $0.divisionCode, permille: $0.counts.disclosurePermille)
        }
        let weeks = facts.organs.map { BarPlot.Bar(label: $0.name, permille: $0.attainmentPermille) }
        func plot(_ key: String, _ bars: [BarPlot.Bar]) -> [String: Any] {
            BarPlot(bars: bars).model(
                title: models.text("patrol.assess.plot.\(key)", context),
                none: models.text("patrol.assess.nothing_owed", context))
        }
        return [
            "plots": [plot("self_checks", checks), plot("timely", timely), plot("disclosure", disclosed)]
                + (weeks.isEmpty ? [] : [plot("weeks", weeks)]),
            "canteens": facts.canteens.map { row -> [String: Any] in
                [
                    "school": row.schoolName, "canteen": row.canteenName,
                    "checks": Self.rate(row.counts.selfCheckPermille),
                    "checkCount": "\(row.counts.selfChecksDone) / \(row.counts.selfChecksOwed)",
                    "found": row.counts.problemsFound, "selfFound": row.counts.problemsSelfFound,
                    "timely": Self.rate(row.counts.timelyPermille), "overdue": row.counts.overdue,
                    "again": row.counts.recurrences, "warnings": row.counts.warnings, "visits": row.counts.visits,
                    "disclosed": Self.rate(row.counts.disclosurePermille),
                    "connectedLate": Self.count(row.counts.connectedLate),
                    "shortDays": Self.count(row.counts.shortRecordingDays),
                    "complaints": Self.count(row.counts.complaints),
                    "confirmed": Self.count(row.counts.complaintsConfirmed),
                ]
            },
            "hasCanteens": !facts.canteens.isEmpty, "hasOrgans": !facts.organs.isEmpty,
            "organs": facts.organs.map { organ -> [String: Any] in
                [
                    "name": organ.name, "level": models.pages.label(organ.level, context),
                    "satisfied": organ.weeksSatisfied, "missed": organ.weeksMissed, "exempt": organ.weeksExempt,
                    "rate": Self.rate(organ.attainmentPermille),
                ]
            },
        ]
    }

    static func count(_ number: Int?) -> String { number.map(String.init) ?? "–" }

    /// Absent is a dash, never 0 %.
    static func rate(_ permille: Int?) -> String { permille.map { "\($0 / 10).\($0 % 10) %" } ?? "–" }
}

/// Horizontal bars as SVG, drawn on the server: the numbers for the template, no script.
struct BarPlot: Sendable {
    struct Bar: Sendable {
        var label: String
        var permille: Int?
    }

    var bars: [Bar]
    private static let row = 28
    private static let left = 170
    private static let width = 400

    func model(title: String, none: String) -> [String: Any] {
        [
            "title": title, "height": bars.count * Self.row + 8, "left": Self.left, "full": Self.width,
            "bars": bars.enumerated().map { index, bar -> [String: Any] in
                [
                    "label": bar.label, "y": index * Self.row + 6, "textY": index * Self.row + 20,
                    "width": (bar.permille ?? 0) * Self.width / 1000,
                    "value": bar.permille.map { AssessmentPages.rate($0) } ?? none,
                    "valueX": Self.left + Self.width + 8,
                ]
            },
        ]
    }
}
