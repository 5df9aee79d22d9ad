import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// One self-check: the form for the school (made for a phone), the report for everybody who may see it.
struct SelfCheckForm: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        let path = SelfCheckAPI.one
        routes.get(path, .read(.seeRegister)) { _, context in
            try await answering { try await show(context, entry: nil, problem: nil) }
        }
        routes.post(path, .action(.draftSchoolItems)) { request, context in
            let key = try SelfCheckAPI.key(context)
            let form = try await request.form(context)
            return try await post(form, key, request, context)
        }
        routes.post("\(path)/review", .action(.acceptRectification)) { request, context in
            let key = try SelfCheckAPI.key(context)
            let form = try await request.form(context)
            do {
                return try await commands.form(form, request, context) { desk, caller in
                    try await desk.reviewSelfCheck(key, note: form.optional("note"), by: caller)
                    return Response.seeOther(PatrolPaths.selfCheck(key.canteenId, key.span))
                }
            } catch let problem as Problem where Self.isCorrectable(problem) {
                return try await answering { try await show(context, entry: nil, problem: problem) }
            }
        }
    }

    private func post(
        _ form: FormData, _ key: SelfCheckKey, _ request: Request, _ context: BrightContext
    ) async throws -> Response {
        var entry = SelfCheckEntry()
        do {
            entry = try Self.entry(form, checklist: desk.checklist)
            switch form.optional("do") {
            case "all_ok":
                // Without a script: the button fills in, it does not submit.
                let canteen = try await answering {
                    try await desk.selfCheckCanteen(key, .draftSchoolItems, try context.caller(), desk.pool)
                }
                entry.zones = canteen.zones.map { SelfCheckEntry.Zone(zone: $0, result: .ok) }
                let filled = entry
                return try await answering { try await show(context, entry: filled, problem: nil) }
            case "save":
                let draft = entry
                return try await commands.form(form, request, context) { desk, caller in
                    try await desk.saveSelfCheckDraft(draft, key, by: caller)
                    return Response.seeOther(PatrolPaths.selfCheck(key.canteenId, key.span))
                }
            default:
                let report = entry
                return try await commands.form(form, request, context) { desk, caller in
                    _ = try await desk.submitSelfCheck(report, key, by: caller)
                    return Response.seeOther(PatrolPaths.selfCheck(key.canteenId, key.span))
                }
            }
        } catch let problem as Problem where Self.isCorrectable(problem) {
            let typed = entry
            return try await answering { try await show(context, entry: typed, problem: problem) }
        }
    }

    private static func isCorrectable(_ problem: Problem) -> Bool {
        problem.status == .unprocessableContent || problem.status == .conflict
            || problem.status == .forbidden && problem.code != "forbidden"
    }

    /// The rows of the form: `z.` result of a zone, `f.` finding, `n.` its note.
    static func entry(_ form: FormData, checklist: Checklist) throws -> SelfCheckEntry {
        let zones = checklist.zones.compactMap { zone -> SelfCheckEntry.Zone? in
            guard let result = form.optional("z.\(zone.code.rawValue)").flatMap(ItemResult.init(rawValue:)) else {
                return nil
            }
            return SelfCheckEntry.Zone(zone: zone.code, result: result)
        }
        let findings = checklist.items.filter { form.optional("f.\($0.code)") != nil }.map {
            SelfCheckEntry.Finding(itemCode: $0.code, note: form.optional("n.\($0.code)"))
        }
        return SelfCheckEntry(
            zones: zones, findings: findings, noProblemFound: form.optional("no_problem_found") != nil,
            summary: form.optional("summary"), enteredAt: try EntryTime.read(form))
    }

    // MARK: page

    private func show(
        _ context: BrightContext, entry typed: SelfCheckEntry?, problem: Problem?
    ) async throws -> Response {
        let key = try SelfCheckAPI.key(context)
        let caller = try context.caller()
        let file = try await desk.selfCheckFile(key, for: caller)
        let canteen = try await desk.selfCheckCanteen(key, .seeRegister, intent: .read, caller, desk.pool)
        let check = file.check
        let mayDraft = context.may(.draftSchoolItems, on: canteen.resource)
        let maySubmit =
            context.may(.publishSchoolItems, on: canteen.resource)
            && desk.selfCheckRules.roles(check.period).contains(caller.principal.role)
        let entry = typed ?? file.draft ?? file.reports.first?.entry ?? SelfCheckEntry()
        let lines = SelfCheckLines(models: models)
        var model: [String: Any] = [
            "path": PatrolPaths.selfCheck(key.canteenId, key.span), "state": lines.state(check, context),
            "period": models.pages.label(check.period, context), "days": lines.days(check),
            "due": DisplayTime.minute(check.dueBy), "now": context.now.rfc3339,
            "isProvisional": check.provisional && check.version == 0,
            "isExempt": check.state == .exempt, "isMissed": check.state == .missed,
            "hasForm": mayDraft && check.state != .exempt, "isDaily": check.period == .daily,
            "isNew": check.version == 0 || typed != nil, "maySubmit": maySubmit,
            "maySave": check.version == 0, "isMonthly": check.period == .monthly,
            "zones": zones(canteen, entry, problem, context), "summary": entry.summary ?? "",
            "isClear": entry.noProblemFound == true,
            "summaryLabel": models.text("patrol.self.summary.\(check.period.rawValue)", context),
            "reports": try file.reports.map { try report($0, context) }, "hasReports": !file.reports.isEmpty,
            "canReview": context.may(.acceptRectification, on: canteen.resource) && check.version > 0
                && file.reviewedAt == nil,
            "hasFaults": (problem?.faults.count ?? 0) > 0,
            "faults": (problem?.faults ?? []).map { fault in
                ["field": Self.anchor(fault.field), "detail": fault.detail[context.language]]
            },
        ]
        let missing = try await desk.pool.missingReports(for: key.span, of: key.canteenId)
        model["missing"] = missing.map(\.iso)
        model["hasMissing"] = !missing.isEmpty
        if let problem, problem.faults.isEmpty { model["refusal"] = problem.detail[context.language] }
        if let reason = check.exemption {
            model["exemption"] = models.text("patrol.self.exempt.\(reason.rawValue)", context)
        }
        if let at = file.reviewedAt { model["reviewedAt"] = DisplayTime.minute(at) }
        model["reviewNote"] = file.reviewNote
        for (field, name) in [("summary", "summaryFault"), ("no_problem_found", "clearFault")] {
            model[name] = problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        return try models.pages.render(
            "self_check", context,
            PageMeta(
                title: models.pages.label(check.period, context),
                crumbs: [
                    Crumb(models.text("patrol.self.title", context), PatrolPaths.selfChecks),
                    Crumb(lines.days(check)),
                ], lead: "\(check.schoolName) · \(check.canteenName) · \(lines.days(check))", current: "self_checks",
                scripts: ["offline.js"]), model: model, status: problem?.status ?? .ok)
    }

    /// `zones.Z3` → `z-Z3`, `findings.Z3-07` → `i-Z3-07`: the ids of the page without the partial's `f-`.
    private static func anchor(_ field: String) -> String {
        field.replacing("zones.", with: "z-").replacing("findings.", with: "i-")
    }

    private func zones(
        _ canteen: CanteenRecord, _ entry: SelfCheckEntry, _ problem: Problem?, _ context: BrightContext
    ) -> [[String: Any]] {
        let choices: [(ItemResult, String)] = [(.ok, "is-ok"), (.violation, "is-error"), (.notApplicable, "is-muted")]
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        return canteen.zones.filter { desk.checklist.zone($0) != nil }.map { zone -> [String: Any] in
            let selected = entry.zones?.first { $0.zone == zone }?.result
            let items = desk.checklist.items(of: zone).map { item -> [String: Any] in
                let finding = entry.findings?.first { $0.itemCode == item.code }
                var row: [String: Any] = [
                    "code": item.code, "text": models.itemText(item.code, context), "isChecked": finding != nil,
                    "note": finding?.note ?? "",
                ]
                row["itemFault"] = fault("findings.\(item.code)")
                return row
            }
            var model: [String: Any] = [
                "code": zone.rawValue, "name": models.pages.label(zone, context), "items": items,
                "isOpen": items.contains { $0["isChecked"] as? Bool == true },
                "results": choices.map { result, style -> [String: Any] in
                    [
                        "value": result.rawValue, "style": style, "isSelected": selected == result,
                        "label": models.text("patrol.self.result.\(result.rawValue)", context),
                    ]
                },
            ]
            model["fault"] = fault("zones.\(zone.rawValue)")
            return model
        }
    }

    private func report(_ report: SelfCheckReportView, _ context: BrightContext) throws -> [String: Any] {
        var model: [String: Any] = [
            "version": report.version, "at": DisplayTime.minute(report.submittedAt),
            "role": models.pages.label(report.role, context), "isLate": report.late,
            "isClear": report.noProblemFound, "remark": report.entry.summary ?? "",
            "hasRemark": report.entry.summary != nil,
            "zones": (report.entry.zones ?? []).map { row in
                [
                    "name": models.pages.label(row.zone, context),
                    "result": models.text("patrol.self.result.\(row.result.rawValue)", context),
                ]
            },
            "findings": (report.entry.findings ?? []).enumerated().map { index, finding -> [String: Any] in
                var row: [String: Any] = [
                    "text": models.itemText(finding.itemCode, context), "code": finding.itemCode,
                    "note": finding.note ?? "",
                ]
                if report.problemIds.indices.contains(index), context.may(.seeProblem, intent: .read) {
                    row["href"] = PatrolPaths.problem(ProblemID(rawValue: report.problemIds[index]))
                }
                return row
            },
            "missing": report.missingReports.map(\.iso), "hasMissing": !report.missingReports.isEmpty,
            "flags": report.qualityFlags.map {
                models.text("patrol.self.flag.\($0)", context, ["n": "\(report.identicalRun)"])
            },
        ]
        // Said only where it matters: it was filled in well before it came.
        if let entered = report.enteredAt, report.submittedAt - entered > .seconds(300) {
            model["enteredAt"] = DisplayTime.minute(entered)
        }
        return model
    }
}
