import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Completion of the self-checks by canteen, and the list of them: for organs, bureaus and the school itself.
struct SelfCheckPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/self-checks", .read(.seeRegister)) { request, context in
            try await answering { try await show(request, context) }
        }
    }

    private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try PageRequest(request)
        let selection = try SelfCheckAPI.selection(request, today: LocalDate(context.now))
        let showsList = try request.query("show") == "list"
        let visible = try await desk.visibleCanteens(try context.caller(), .seeRegister)
        let lines = SelfCheckLines(models: models)
        let days = "from=\(selection.from.iso)&to=\(selection.to.iso)"
        var model: [String: Any] = [
            "path": PatrolPaths.selfChecks, "from": selection.from.iso, "to": selection.to.iso,
            "showsList": showsList, "listPath": "\(PatrolPaths.selfChecks)?show=list&\(days)",
            "completionPath": "\(PatrolPaths.selfChecks)?\(days)",
            "isSchool": context.may(.draftSchoolItems), "schoolPath": PatrolPaths.school,
        ]
        if showsList {
            let checks = try await desk.pool.selfChecks(
                visible: visible, selection, limit: page.size, offset: page.offset)
            let total = try await desk.pool.selfCheckCount(visible: visible, selection)
            model["checks"] = checks.map { lines.line(SelfCheckView($0), context) }
            model["hasRows"] = !checks.isEmpty
            model["states"] = SelfCheckState.allCases.map { state -> [String: Any] in
                [
                    "value": state.rawValue, "isSelected": selection.state == state,
                    "label": models.text("patrol.self.state.\(state.rawValue)", context),
                ]
            }
            model["periods"] = SelfCheckPeriod.allCases.map { period -> [String: Any] in
                [
                    "value": period.rawValue, "isSelected": selection.period == period,
                    "label": models.pages.label(period, context),
                ]
            }
            var path = "\(PatrolPaths.selfChecks)?show=list&\(days)"
            if let state = selection.state { path += "&state=\(state.rawValue)" }
            if let period = selection.period { path += "&period=\(period.rawValue)" }
            if let canteen = selection.canteen {
                path += "&canteen=\(canteen)"
                model["canteenFilter"] = canteen.rawValue
            }
            model["pager"] = PageOf(checks.map { _ in 0 }, of: page, total: total).pager(path: path)
        } else {
            let rows = try await desk.pool.selfCheckCompletion(
                visible: visible, from: selection.from, to: selection.to, limit: page.size, offset: page.offset)
            let total = try await desk.pool.canteenCount(visible: visible)
            model["rows"] = rows.map { row -> [String: Any] in
                [
                    "school": row.schoolName, "canteen": row.canteenName,
                    "href": "\(PatrolPaths.selfChecks)?show=list&canteen=\(row.canteenId)&\(days)",
                    "daily": lines.count(row.daily), "weekly": lines.count(row.weekly),
                    "monthly": lines.count(row.monthly),
                ]
            }
            model["hasRows"] = !rows.isEmpty
            model["pager"] = PageOf(rows.map { _ in 0 }, of: page, total: total).pager(
                path: "\(PatrolPaths.selfChecks)?\(days)")
        }
        model["text"] = models.text("patrol.self.none", context)
        return try models.pages.render(
            "self_checks", context,
            PageMeta(
                title: models.text("patrol.self.title", context), lead: models.text("patrol.self.lead", context),
                current: "self_checks", isWide: true), model: model)
    }
}
