import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The triage queue of machines' alerts, one alert with its decision, and what became of them by vendor.
struct AlertPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/alerts", .read(.seeProblem)) { request, context in
            try await answering { try await list(request, context) }
        }
        routes.get("/alerts/statistics", .read(.seeLedger)) { request, context in
            try await answering { try await statistics(request, context) }
        }
        routes.get("/alerts/{alert}", .read(.seeProblem)) { _, context in
            try await answering { try await show(context, form: nil, problem: nil) }
        }
        routes.post("/alerts/{alert}", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            do {
                return try await decide(form, request, context)
            } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict
            {
                return try await answering { try await show(context, form: form, problem: problem) }
            }
        }
    }

    // MARK: queue

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try PageRequest(request)
        let selection = try AlertAPI.selection(request)
        let visible = try await desk.visibleAlerts(try context.caller())
        let found = try await desk.pool.alerts(visible: visible, selection, limit: page.size, offset: page.offset)
        let total = try await desk.pool.alertCount(visible: visible, selection)
        let filters = AlertSelection.allCases.map { choice -> [String: Any] in
            [
                "href": "\(PatrolPaths.alerts)?show=\(choice.rawValue)", "isSelected": choice == selection,
                "label": models.text("patrol.alerts.show_\(choice.rawValue)", context),
            ]
        }
        return try models.pages.render(
            "alerts", context,
            PageMeta(
                title: models.text("patrol.alerts.title", context), crumbs: [problemsCrumb(context)],
                lead: models.text("patrol.alerts.lead", context), current: "problems", isWide: true),
            model: [
                "filters": filters, "alerts": found.map { line($0, context) }, "hasAlerts": !found.isEmpty,
                "text": models.text("patrol.alerts.none", context),
                "seesStatistics": context.may(.seeLedger, intent: .read),
                "statisticsPath": "\(PatrolPaths.alerts)/statistics",
                "pager": PageOf(found.map { _ in 0 }, of: page, total: total).pager(
                    path: "\(PatrolPaths.alerts)?show=\(selection.rawValue)"),
            ] as [String: Any])
    }

    private func problemsCrumb(_ context: BrightContext) -> Crumb {
        Crumb(models.text("patrol.problems.title", context), PatrolPaths.problems)
    }

    private func line(_ listing: AlertListing, _ context: BrightContext) -> [String: Any] {
        let alert = listing.alert
        var line: [String: Any] = [
            "href": PatrolPaths.alert(alert.alertId), "what": what(alert, context), "canteen": listing.canteenName,
            "school": listing.schoolName, "zone": models.pages.label(alert.zone, context),
            "at": DisplayTime.minute(alert.lastAt), "times": alert.occurrences, "isRepeated": alert.occurrences > 1,
            "vendor": "\(alert.vendor) \(alert.productVersion)", "state": state(alert, context),
            "isUnmapped": alert.code == nil,
        ]
        line["severity"] = alert.severity.map { models.severity($0, context) }
        return line
    }

    private func what(_ alert: AlertRecord, _ context: BrightContext) -> String {
        guard let code = alert.code.flatMap({ desk.alertCodes.code($0) }) else {
            return models.text("patrol.alerts.unmapped", context, ["code": alert.vendorCode])
        }
        return context.language == .zh ? code.textZh : code.textEn
    }

    private func state(_ alert: AlertRecord, _ context: BrightContext) -> [String: Any] {
        let style =
            switch alert.state {
            case .waiting: "warn"
            case .confirmed: "error"
            case .falsePositive: "ok"
            case .unknown: ""
            }
        return ["label": models.text("patrol.alerts.state_\(alert.state.rawValue)", context), "style": style]
    }

    // MARK: one alert

    private func show(_ context: BrightContext, form: FormData?, problem: Problem?) async throws -> Response {
        let listing = try await desk.readAlert(try context.id("alert"), for: try context.caller())
        let alert = listing.alert
        let mayDecide = alert.state == .waiting && context.may(.runPatrol)
        var model = line(listing, context)
        model["path"] = PatrolPaths.alert(alert.alertId)
        model["first"] = DisplayTime.millisecond(alert.firstAt)
        model["received"] = DisplayTime.millisecond(alert.receivedAt)
        model["vendorCode"] = alert.vendorCode
        model["isUnconfirmed"] = alert.state == .waiting
        model["isTold"] = alert.told
        model["confidence"] = alert.confidence.map { "\(Int(($0 * 100).rounded())) %" }
        model["celsius"] = alert.celsius.map { "\($0) °C" }
        model["sensor"] = alert.sensor
        if let camera = alert.cameraId, mayDecide {
            model["live"] = "/video/open/\(camera)?reason=routine&ref=\(alert.alertId)"
            model["playback"] = "/parent/playback?camera=\(camera)&day=\(LocalDate(alert.lastAt).iso)"
        }
        if alert.cameraId != nil, let from = alert.clipFrom, let to = alert.clipTo {
            model["clip"] = "\(DisplayTime.millisecond(from)) – \(DisplayTime.millisecond(to))"
            if let path = model["playback"] as? String {
                let span = [from, to].map { String(DisplayTime.minute($0).suffix(5)) }
                model["playback"] = "\(path)&from=\(span[0])&to=\(span[1])&reason=patrol&reference=\(alert.alertId)"
            }
        }
        let pictures = try await desk.pictures(of: alert.alertId, for: try context.caller())
        model["pictures"] = pictures.map { models.evidence($0, context) }
        model["pictureFault"] = alert.picture.flatMap {
            $0 == "kept" ? nil : models.text("patrol.alerts.picture_\($0)", context)
        }
        model["isPhenomenon"] = alert.code.flatMap { desk.alertCodes.code($0) }?.names == .phenomenon
        model["decidedAt"] = alert.decidedAt.map(DisplayTime.minute)
        model["decidedBy"] = alert.decidedBy.map { models.person($0, context) }
        model["reason"] = alert.reason
        model["problemPath"] = alert.problemId.map(PatrolPaths.problem)
        model["mayDecide"] = mayDecide
        if mayDecide { model["fields"] = fields(alert, form, problem, context) }
        model["problem"] = problem?.detail[context.language]
        return try models.pages.render(
            "alert_one", context,
            PageMeta(
                title: what(alert, context),
                crumbs: [
                    problemsCrumb(context), Crumb(models.text("patrol.alerts.title", context), PatrolPaths.alerts),
                ],
                lead: "\(listing.schoolName) · \(listing.canteenName)", current: "problems"), model: model,
            status: problem?.status ?? .ok)
    }

    private func fields(
        _ alert: AlertRecord, _ form: FormData?, _ problem: Problem?, _ context: BrightContext
    ) -> [FormField] {
        func fault(_ name: String) -> String? { problem?.faults.first { $0.field == name }?.detail[context.language] }
        func select(_ name: String, _ list: [(String, String)], isOptional: Bool) -> FormField {
            FormField(
                name, label: models.text("patrol.alerts.\(name)", context), kind: .select,
                hint: isOptional ? models.text("patrol.alerts.\(name)_hint", context) : nil, fault: fault(name),
                isOptional: isOptional,
                options: list.map {
                    FormField.Option(value: $0.0, label: $0.1, isSelected: form?.optional(name) == $0.0)
                })
        }
        let keep = [("", models.text("patrol.alerts.by_table", context))]
        return [
            select(
                "outcome",
                AlertOutcome.allCases.map {
                    ($0.rawValue, models.text("patrol.alerts.state_\($0.rawValue)", context))
                }, isOptional: false),
            FormField(
                "reason", label: models.text("patrol.alerts.reason", context), value: form?.optional("reason") ?? "",
                kind: .area, hint: models.text("patrol.alerts.reason_hint", context), fault: fault("reason"),
                isOptional: true, maximum: 1000),
            select(
                "item_code",
                keep + desk.checklist.items.map { ($0.code, "\($0.code) \(models.itemText($0.code, context))") },
                isOptional: true),
            select(
                "severity", keep + (1...3).map { ("\($0)", models.text("patrol.class.\($0)", context)) },
                isOptional: true),
            FormField(
                "description", label: models.text("patrol.report.description", context),
                value: form?.optional("description") ?? "", kind: .area, fault: fault("description"), isOptional: true,
                maximum: 2000),
        ]
    }

    private func decide(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> Response {
        let id: AlertID = try context.id("alert")
        var check = form.check()
        let outcome: AlertOutcome? = check.choice("outcome")
        let reason = check.optionalText("reason", maximum: 1000, screened: true)
        let item = check.optionalText("item_code", maximum: 20)
        let severity = form.optional("severity") == nil ? nil : check.integer("severity", in: 1...3)
        let description = check.optionalText("description", maximum: 2000, screened: true)
        try check.done()
        guard let outcome else { throw Problem(faults: check.faults) }
        let decision = AlertDecision(
            outcome: outcome, reason: reason, itemCode: item, severity: severity, description: description)
        return try await commands.form(form, request, context) { desk, caller in
            _ = try await desk.decide(id, decision, by: caller)
            return Response.seeOther(PatrolPaths.alert(id))
        }
    }

    // MARK: statistics

    private func statistics(_ request: Request, _ context: BrightContext) async throws -> Response {
        let since = try AlertAPI.since(request, context)
        let visible = try await desk.visibleAlerts(try context.caller())
        let found = try await AlertStatistics.read(since: since, visible: visible, desk.pool)
        let lines = found.lines.map { line -> [String: Any] in
            let own = line.code.flatMap { desk.alertCodes.code($0) }
            var model: [String: Any] = [
                "vendor": "\(line.vendor) \(line.productVersion)", "vendorCode": line.vendorCode,
                "what": own.map { context.language == .zh ? $0.textZh : $0.textEn }
                    ?? models.text("patrol.alerts.unmapped", context, ["code": line.vendorCode]),
                "alerts": line.alerts, "occurrences": line.occurrences, "waiting": line.waiting,
                "confirmed": line.confirmed, "falsePositives": line.falsePositives, "unknown": line.unknown,
            ]
            model["share"] = line.falsePermille.map { "\($0 / 10).\($0 % 10) %" }
            return model
        }
        return try models.pages.render(
            "alert_statistics", context,
            PageMeta(
                title: models.text("patrol.alerts.statistics", context),
                crumbs: [
                    problemsCrumb(context), Crumb(models.text("patrol.alerts.title", context), PatrolPaths.alerts),
                ],
                lead: models.text(
                    "patrol.alerts.statistics_lead", context, ["n": "\(AlertStatistics.fewest)"]),
                current: "problems", isWide: true),
            model: [
                "since": since.iso, "lines": lines, "hasLines": !lines.isEmpty,
                "path": "\(PatrolPaths.alerts)/statistics", "text": models.text("patrol.alerts.none", context),
                "refused": found.refused.map {
                    [
                        "vendor": $0.vendor, "count": "\($0.refused)",
                        "reason": models.text("patrol.alerts.refused_\($0.reason.rawValue)", context),
                    ]
                }, "hasRefused": !found.refused.isEmpty,
            ] as [String: Any])
    }
}
