import Access
import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// Recordings day by day and the gaps in them, over all cameras of the caller's area: JSON and files.
struct CoverageRoutes: Sendable {
    /// What is given where no days are asked for: the last whole week.
    private static let usualDays = 7
    private static let dayFilters = ["from", "through", "camera_id", "division", "state", "q"]
    private static let gapFilters = ["from", "through", "camera_id", "division", "q"]

    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/v1/coverage", .read(.handleFault), use: days)
        routes.get("/v1/coverage/export.csv", .read(.handleFault), use: exportDays)
        routes.get("/v1/gaps", .read(.handleFault), use: gaps)
        routes.get("/v1/gaps/export.csv", .read(.handleFault), use: exportGaps)
    }

    private func filter(_ query: ListQuery, _ context: BrightContext) throws -> CoverageList.Filter {
        func day(_ name: String) throws -> LocalDate? {
            guard let text = try query.text(name) else { return nil }
            if let day = LocalDate(iso: text) { return day }
            throw Problem.invalid(
                name, code: "not_a_date", zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23.",
                allowed: "YYYY-MM-DD")
        }
        // Today is not counted before it is over.
        let through = try day("through") ?? LocalDate(context.now).adding(days: -1)
        let from = try day("from") ?? through.adding(days: 1 - Self.usualDays)
        let length = through.daysSinceEpoch - from.daysSinceEpoch + 1
        guard (1...CoverageList.maximumDays).contains(length) else {
            throw Problem.invalid(
                "from", code: "not_in_range", zh: "一次最多查询 \(CoverageList.maximumDays) 天。",
                en: "At most \(CoverageList.maximumDays) days at once.", allowed: "1…\(CoverageList.maximumDays)")
        }
        let camera = try query.text("camera_id")
        if let camera, !WellFormed.isIdentifier(camera) {
            throw Problem.invalid(
                "camera_id", code: "not_an_id", zh: "摄像头编号格式不正确。", en: "This is not the id of a camera.")
        }
        return CoverageList.Filter(
            from: from, through: through, camera: camera.map { CameraID(rawValue: $0) },
            division: try query.division(), state: try query.choice("state"), search: try query.search())
    }

    private struct DayDocument: Encodable, Sendable {
        let day: LocalDate
        let cameraId: CameraID
        let cameraName: String
        let gbId: String
        let schoolName: String
        let divisionCode: String
        let state: DayCoverage.State
        let recordedMs: Int64
        let operatingMs: Int64
        let gaps: Int
    }

    @Sendable private func days(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.dayFilters)
        let condition = CoverageList.condition(try filter(query, context), try context.requirePrincipal())
        let page = try await CoverageList.days.page(condition, query, runtime.pool).map { item in
            DayDocument(
                day: item.day.day, cameraId: item.day.camera, cameraName: item.camera, gbId: item.gbId,
                schoolName: item.school, divisionCode: item.divisionCode, state: item.day.state,
                recordedMs: item.day.recordedMs, operatingMs: item.day.operatingMs, gaps: item.day.gaps.spans.count)
        }
        return try .json(page)
    }

    @Sendable private func exportDays(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.dayFilters), context)
        return try await ListFiles(runtime: runtime).coverage(
            CoverageList.condition(filter, try context.requirePrincipal()), context)
    }

    private struct GapDocument: Encodable, Sendable {
        let day: LocalDate
        let cameraId: CameraID
        let cameraName: String
        let gbId: String
        let schoolName: String
        let divisionCode: String
        let from: Instant
        let to: Instant
    }

    @Sendable private func gaps(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: Self.gapFilters)
        let condition = CoverageList.condition(try filter(query, context), try context.requirePrincipal())
        let page = try await CoverageList.gaps.page(condition, query, runtime.pool).map { gap in
            GapDocument(
                day: gap.day, cameraId: gap.cameraId, cameraName: gap.camera, gbId: gap.gbId, schoolName: gap.school,
                divisionCode: gap.divisionCode, from: gap.from, to: gap.to)
        }
        return try .json(page)
    }

    @Sendable private func exportGaps(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try filter(try ListQuery(file: request, filters: Self.gapFilters), context)
        return try await ListFiles(runtime: runtime).gaps(
            CoverageList.condition(filter, try context.requirePrincipal()), context)
    }
}
