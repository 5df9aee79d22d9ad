import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// How many of those who must be trained are (art 11), and what is still asked of oneself.
struct TrainingRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let gate: TrainingGate

    init(runtime: ServiceRuntime, gate: TrainingGate) {
        self.runtime = runtime
        self.gate = gate
    }

    func declare(_ routes: Routes) {
        routes.get("/training", .read(.manageTraining), use: show)
        routes.get("/training/mine", .signedIn, use: showMine)
        routes.get("/v1/training/coverage", .read(.manageTraining), use: coverage)
        routes.get("/v1/training/coverage/export.csv", .read(.manageTraining), use: export)
        routes.get("/v1/training/mine", .signedIn, use: mine)
    }

    private func grouping(_ request: Request) throws -> TrainingCoverage.Grouping {
        try ListQuery(file: request, filters: ["by"]).choice("by") ?? .organ
    }

    private struct Document: Encodable {
        let by: String
        let day: LocalDate
        let validDays: Int
        let items: [TrainingCoverage.Item]
        /// Of all groups, not only of this page.
        let required: Int
        let trained: Int
        /// Groups in all.
        let total: Int
        let page: Int
        let perPage: Int
    }

    private var store: TrainingCoverage { TrainingCoverage(pool: runtime.pool, validDays: gate.validDays) }

    private func document(_ request: Request, _ context: BrightContext) async throws -> Document {
        let query = try ListQuery(request, filters: ["by"], takesCursor: false)
        let grouping = try query.choice("by") ?? TrainingCoverage.Grouping.organ
        let day = LocalDate(context.now)
        let principal = try context.requirePrincipal()
        let items = try await store.items(by: grouping, on: day, for: principal, page: query.page)
        let totals = try await store.totals(by: grouping, on: day, for: principal)
        return Document(
            by: grouping.rawValue, day: day, validDays: gate.validDays, items: items, required: totals.required,
            trained: totals.trained, total: totals.groups, page: query.page.number, perPage: query.page.size)
    }

    @Sendable private func coverage(_ request: Request, _ context: BrightContext) async throws -> Response {
        try .json(try await document(request, context))
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let grouping = try grouping(request)
        let items = try await store.items(
            by: grouping, on: LocalDate(context.now), for: try context.requirePrincipal())
        let headers = ["group", "required", "trained", "rate"].map { runtime.pages.text("csv.\($0)", context) }
        var writer = CSVWriter()
        writer.write(headers)
        for item in items {
            writer.write([
                label(item.group, grouping.rawValue, context), String(item.required), String(item.trained),
                item.rate.map(String.init) ?? "",
            ])
        }
        let file = MasterExport.File(bytes: writer.bytes, rows: items.count)
        let eventContext = try context.eventContext()
        try await runtime.pool.transaction { transaction in
            try await MasterExport.record(
                file, named: "training-coverage", holdsPersonalData: false, eventContext, now: context.now, transaction)
        }
        return ListFile.response(file.bytes, "training-coverage")
    }

    private struct Row {
        let label: String
        let required: String
        let trained: String
        let rate: String
        let value: String
        let isFull: Bool
    }

    private struct Tab {
        let label: String
        let path: String
        let isCurrent: Bool
    }

    private struct Model {
        let tabs: [Tab]
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let required: String
        let trained: String
        let rate: String
        let newPath: String?
        let exportPath: String
        let pager: Pager
    }

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let document = try await document(request, context)
        let pages = runtime.pages
        func percent(_ rate: Int?) -> String { rate.map { "\($0)%" } ?? "—" }
        let rows = document.items.map { item in
            Row(
                label: label(item.group, document.by, context), required: String(item.required),
                trained: String(item.trained), rate: percent(item.rate), value: String(item.rate ?? 0),
                isFull: item.rate == 100)
        }
        let tabs = TrainingCoverage.Grouping.allCases.map { grouping in
            Tab(
                label: pages.text("training.by_\(grouping.rawValue)", context),
                path: "/registry/training?by=\(grouping.rawValue)", isCurrent: grouping.rawValue == document.by)
        }
        let total = document.required == 0 ? nil : document.trained * 100 / document.required
        return try pages.render(
            "training", context,
            PageMeta(
                title: pages.text("training.title", context),
                lead: pages.text("training.lead", context, ["days": String(gate.validDays)]),
                current: "training", isWide: true),
            model: Model(
                tabs: tabs, rows: rows, isEmpty: rows.isEmpty, text: pages.text("training.none", context),
                required: String(document.required), trained: String(document.trained), rate: percent(total),
                newPath: context.may(.manageTraining) ? "/registry/register/training/new" : nil,
                exportPath: "/registry/v1/training/coverage/export.csv?by=\(document.by)",
                pager: PageOf(
                    document.items, of: PageRequest(number: document.page, size: document.perPage),
                    total: document.total
                ).pager(path: "/registry/training?by=\(document.by)")))
    }

    private func label(_ group: String, _ grouping: String, _ context: BrightContext) -> String {
        let pages = runtime.pages
        if grouping == TrainingCoverage.Grouping.layer.rawValue { return pages.text("audience.\(group)", context) }
        guard grouping == TrainingCoverage.Grouping.level.rawValue else { return group }
        return OrganLevel(rawValue: group).map { pages.label($0, context) } ?? pages.text("training.schools", context)
    }

    private struct Mine: Encodable {
        let missing: [String]
        let gate: TrainingGate.Mode
    }

    @Sendable private func mine(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        let missing = try await gate.missing(person, on: LocalDate(context.now))
        return try .json(Mine(missing: missing.map(\.rawValue), gate: gate.mode))
    }

    private struct MineModel {
        let missing: [String]
        let hasMissing: Bool
        let isBlocking: Bool
    }

    @Sendable private func showMine(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        let missing = try await gate.missing(person, on: LocalDate(context.now))
        let pages = runtime.pages
        return try pages.render(
            "training_mine", context,
            PageMeta(title: pages.text("training.mine", context), current: "training"),
            model: MineModel(
                missing: missing.map { pages.text("audience.\($0.rawValue)", context) }, hasMissing: !missing.isEmpty,
                isBlocking: gate.mode == .blocking))
    }
}
