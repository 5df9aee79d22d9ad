import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The overview of an area and the county officer's to-do list.
struct DashboardRoutes: Sendable {
    private static let trendDays = 30
    /// Rows of each list on the to-do page; the rest is one click away, with its total.
    private static let taskRows = 10

    private let runtime: ServiceRuntime
    private let query: DashboardQuery
    private let list: AccessList
    private let cameras: CameraList
    private let faults: FaultList
    private let filings: FilingList

    init(runtime: ServiceRuntime, rule: AccessRule) {
        self.runtime = runtime
        query = DashboardQuery(pool: runtime.pool)
        list = AccessList(pool: runtime.pool)
        cameras = CameraList(pool: runtime.pool)
        faults = FaultList(pool: runtime.pool)
        filings = FilingList(pool: runtime.pool, rule: rule)
    }

    func declare(_ routes: Routes) {
        routes.get("/dashboard", .read(.confirmAccess), use: showDashboard)
        routes.get("/tasks", .read(.confirmAccess), use: showTasks)
        routes.get("/v1/dashboard", .read(.confirmAccess), use: document)
    }

    @Sendable private func showDashboard(_ request: Request, _ context: BrightContext) async throws -> Response {
        let answer = try await query.answer(
            for: try context.requirePrincipal(), today: LocalDate(context.now), days: Self.trendDays)
        return try DashboardPage(pages: runtime.pages, context: context).render(answer)
    }

    private struct Document: Encodable {
        struct Area: Encodable {
            let code: String
            let name: String
            let tally: AccessTally
        }

        struct Day: Encodable {
            let day: LocalDate
            let tally: AccessTally
        }

        let total: AccessTally
        let areas: [Area]
        let trend: [Day]
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        var days = Self.trendDays
        if let text = try request.query("days") {
            guard let number = Int(text), (1...366).contains(number) else {
                throw Problem.invalid(
                    "days", code: "not_in_range", zh: "天数在 1 到 366 之间。", en: "Days are 1 to 366.", allowed: "1…366")
            }
            days = number
        }
        let answer = try await query.answer(
            for: try context.requirePrincipal(), today: LocalDate(context.now), days: days)
        return try .json(
            Document(
                total: answer.total,
                areas: answer.areas.map { Document.Area(code: $0.code, name: $0.name, tally: $0.tally) },
                trend: answer.trend.map { Document.Day(day: $0.day, tally: $0.tally) }))
    }

    private struct Section {
        let title: String
        let total: Int
        let path: String
        let more: String?
        let rows: [[String: String]]
        let isEmpty: Bool
        let text: String
    }

    private struct TasksModel {
        let sections: [Section]
        let reviewPath: String
        let reviews: Int
        let hasReviews: Bool
        let faults: DueFaults
        let filings: DueFilings
    }

    /// Open device faults, those over 24 hours first, with who works on them.
    private struct DueFaults {
        let title: String
        let total: Int
        let rows: [[String: String]]
        let isEmpty: Bool
        let text: String
        let more: String?
    }

    /// Cameras of public-safety systems whose filing with the police is due or late.
    private struct DueFilings {
        let title: String
        let total: Int
        let rows: [[String: String]]
        let isEmpty: Bool
        let text: String
        let more: String?
    }

    private func dueFaults(_ principal: Principal, _ words: AccessWords) async throws -> DueFaults {
        let page = try await faults.page(
            FaultList.Filter(), for: principal, PageRequest(number: 1, size: Self.taskRows))
        let names = try await faults.responsibles(page.items.compactMap(\.fault.responsible))
        let rows = page.items.map { item -> [String: String] in
            let place = [item.school, item.canteen].compactMap { $0 }.joined(separator: " · ")
            let person = item.fault.responsible.map { id in
                names[id].map { words.pages.label($0.role, words.context) + ($0.login.map { " · \($0)" } ?? "") }
                    ?? words.text("faults.person")
            }
            return [
                "kind": words.pages.label(item.fault.kind, words.context),
                "path": "/registry/faults/\(item.fault.id)",
                "place": place.isEmpty ? item.organ ?? item.fault.divisionCode : place,
                "part": item.camera ?? words.text("faults.cameras", ["n": String(item.cameras)]),
                "state": words.pages.label(item.fault.state, words.context),
                "tone": item.fault.escalatedAt == nil ? "pill--warn" : "pill--error",
                "late": item.fault.escalatedAt == nil ? "" : words.text("faults.escalated"),
                "since": CameraViews.time(item.fault.detectedAt),
                "responsible": person ?? words.text("tasks.nobody"),
            ]
        }
        return DueFaults(
            title: words.text("tasks.faults"), total: page.total, rows: rows, isEmpty: rows.isEmpty,
            text: words.text("tasks.none"),
            more: page.total > rows.count ? words.text("tasks.more", ["n": String(page.total)]) : nil)
    }

    private func dueFilings(_ principal: Principal, _ today: LocalDate, _ words: AccessWords) async throws -> DueFilings
    {
        let page = try await filings.page(for: principal, on: today, PageRequest(number: 1, size: Self.taskRows))
        let rows = page.items.map { item -> [String: String] in
            [
                "place": "\(item.school) · \(item.canteen)", "camera": item.camera,
                "path": "/registry/cameras/\(item.cameraId)/papers", "due": item.dueOn.iso,
                "tone": item.dueOn < today ? "pill--error" : "pill--warn",
                "state": words.text(item.dueOn < today ? "tasks.filing_late" : "tasks.filing_due"),
            ]
        }
        return DueFilings(
            title: words.text("tasks.filings"), total: page.total, rows: rows, isEmpty: rows.isEmpty,
            text: words.text("tasks.none"),
            more: page.total > rows.count ? words.text("tasks.more", ["n": String(page.total)]) : nil)
    }

    @Sendable private func showTasks(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let words = AccessWords(pages: runtime.pages, context: context)
        let today = LocalDate(context.now)
        let rows = AccessListPage(pages: runtime.pages, context: context)
        var sections: [Section] = []
        for view in [AccessList.View.overdue, .thisWeek, .ready] {
            let page = try await list.page(
                AccessList.Filter(view: view), for: principal, today: today,
                PageRequest(number: 1, size: Self.taskRows))
            sections.append(
                Section(
                    title: words.text("access_view.\(view.rawValue)"), total: page.total,
                    path: "/registry/access?view=\(view.rawValue)",
                    more: page.total > page.items.count
                        ? words.text("tasks.more", ["n": String(page.total)]) : nil,
                    rows: rows.rows(page.items), isEmpty: page.items.isEmpty, text: words.text("tasks.none")))
        }
        let pending = try await cameras.page(
            CameraList.Filter(status: .pending), for: principal, PageRequest(number: 1, size: 1))
        let faults = try await dueFaults(principal, words)
        let filings = try await dueFilings(principal, today, words)
        return try runtime.pages.render(
            "tasks", context,
            PageMeta(
                title: words.text("tasks.title"), lead: words.text("tasks.lead"), current: "tasks", isWide: true),
            model: TasksModel(
                sections: sections, reviewPath: "/registry/cameras/review", reviews: pending.total,
                hasReviews: pending.total > 0, faults: faults, filings: filings))
    }
}
