import Access
import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The list of cameras in use with signal and recordings: page and JSON.
struct RecordingRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let list: RecordingList
    private let canteens: CanteenList

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        list = RecordingList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/recordings", .read(.handleFault), use: showList)
        routes.get("/v1/recordings", .read(.handleFault), use: documents)
        routes.get("/v1/recordings/export.csv", .read(.handleFault), use: export)
    }

    private static let filters = ["q", "division", "standing", "signal"]

    private func filter(_ query: ListQuery) throws -> RecordingList.Filter {
        RecordingList.Filter(
            standing: try query.choice("standing"), signal: try query.choice("signal"),
            division: try query.division(), search: try query.search())
    }

    private struct Document: Encodable, Sendable {
        let cameraId: CameraID
        let cameraName: String
        let gbId: String
        let canteenId: CanteenID
        let schoolName: String
        let divisionCode: String
        let status: CameraStatus
        let signal: SignalState
        let retention: CameraHistoryDocument.Retention?
    }

    @Sendable private func documents(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        let condition = RecordingList.condition(try filter(query), try context.requirePrincipal())
        let page = try await RecordingList.listing.page(condition, query, runtime.pool).map { item in
            Document(
                cameraId: item.camera.id, cameraName: item.camera.name, gbId: item.camera.gbId,
                canteenId: item.camera.canteenId, schoolName: item.school, divisionCode: item.divisionCode,
                status: item.camera.status, signal: item.signal,
                retention: item.standing.map { CameraHistoryDocument.Retention($0) })
        }
        return try .json(page)
    }

    @Sendable private func export(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        return try await ListFiles(runtime: runtime).recordings(
            RecordingList.condition(filter, try context.requirePrincipal()), context)
    }

    private struct Row {
        let path: String
        let name: String
        let place: String
        let status: String
        let isOnline: Bool
        let signal: String
        let retention: String
        let isMet: Bool
        let isShort: Bool
        let rate: String
        let days: String
    }

    private struct Model {
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let search: String
        let standings: [FormField.Option]
        let signals: [FormField.Option]
        let divisions: [FormField.Option]
        let exportPath: String
        let coveragePath: String
        let gapsPath: String
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let principal = try context.requirePrincipal()
        let asked = try ListQuery(request, filters: Self.filters, takesCursor: false)
        let filter = try filter(asked)
        let page = try await list.page(filter, for: principal, asked.page)
        func text(_ key: String) -> String { pages.text(key, context) }
        let query = [
            filter.standing.map { "standing=\($0.rawValue)" }, filter.signal.map { "signal=\($0.rawValue)" },
            filter.division.map { "division=\(PercentEncoding.queryValue($0))" },
            filter.search.map { "q=\(PercentEncoding.queryValue($0))" },
        ].compactMap { $0 }.joined(separator: "&")
        let place = [
            filter.division.map { "division=\(PercentEncoding.queryValue($0))" },
            filter.search.map { "q=\(PercentEncoding.queryValue($0))" },
        ].compactMap { $0 }.joined(separator: "&")
        func path(_ base: String, _ query: String) -> String { base + (query.isEmpty ? "" : "?" + query) }
        let model = Model(
            rows: page.items.map { row($0, context) }, isEmpty: page.items.isEmpty, text: text("recordings.none"),
            pager: page.pager(path: path("/registry/recordings", query)),
            search: filter.search ?? "",
            standings: RetentionStanding.State.allCases.map {
                .init(
                    value: $0.rawValue, label: text("retention.\($0.rawValue)"), isSelected: $0 == filter.standing)
            },
            signals: SignalState.allCases.map {
                .init(value: $0.rawValue, label: text("signal.\($0.rawValue)"), isSelected: $0 == filter.signal)
            },
            divisions: try await canteens.divisions(for: principal).map {
                .init(value: $0.code, label: $0.name, isSelected: $0.code == filter.division)
            }, exportPath: path("/registry/v1/recordings/export.csv", query),
            coveragePath: path("/registry/v1/coverage/export.csv", place),
            gapsPath: path("/registry/v1/gaps/export.csv", place))
        return try pages.render(
            "recordings", context,
            PageMeta(
                title: text("recordings.title"),
                crumbs: [Crumb(text("faults.title"), "/registry/faults"), Crumb(text("recordings.title"))],
                lead: pages.text("recordings.lead", context, ["n": String(page.total)]), current: "faults",
                isWide: true), model: model)
    }

    private func row(_ item: RecordingList.Item, _ context: BrightContext) -> Row {
        let pages = runtime.pages
        let standing = item.standing
        return Row(
            path: "/registry/cameras/\(item.camera.id)/history", name: item.camera.name,
            place: "\(item.school) · \(item.canteen)", status: pages.label(item.camera.status, context),
            isOnline: item.camera.status == .active, signal: pages.text("signal.\(item.signal.rawValue)", context),
            retention: pages.text("retention.\(standing?.state.rawValue ?? "new")", context),
            isMet: standing?.state == .met, isShort: standing?.state == .short,
            rate: standing.flatMap {
                $0.operatingMs > 0
                    ? CameraHistoryViews.percent(Double($0.recordedMs) / Double($0.operatingMs)) : nil
            } ?? "–",
            days: standing.map { "\($0.coveredDays) / \($0.minimumDays)" } ?? "–")
    }
}
