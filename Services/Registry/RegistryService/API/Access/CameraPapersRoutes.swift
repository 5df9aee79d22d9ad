import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The camera wall, and the papers of a camera: hardware, privacy statement, filing with the police.
struct CameraPapersRoutes: Sendable {
    /// Pictures on one page of the wall.
    private static let wallSize = 24

    private let runtime: ServiceRuntime
    private let rule: AccessRule
    private let list: CameraList
    private let canteens: CanteenList

    init(runtime: ServiceRuntime, rule: AccessRule) {
        self.runtime = runtime
        self.rule = rule
        list = CameraList(pool: runtime.pool)
        canteens = CanteenList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/cameras/wall", .read(.confirmAccess), use: showWall)
        routes.get("/cameras/{id}/papers", .signedIn, use: showPapers)
        routes.post("/cameras/{id}/papers", .action(.applyForRegistration), use: submitPapers)
        routes.get("/v1/cameras/{id}/papers", .signedIn, use: document)
        routes.put("/v1/cameras/{id}/papers", .action(.applyForRegistration), use: replacePapers)
    }

    // MARK: the wall

    private struct Card {
        let name: String
        let school: String
        let zone: String
        let status: String
        let tone: String
        let path: String
        let historyPath: String?
        let picture: String?
        let rejection: String?
    }

    private struct WallModel {
        let cards: [Card]
        let states: [FormField.Option]
        let isEmpty: Bool
        let text: String
        let pager: Pager
    }

    @Sendable private func showWall(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try ListQuery(request, filters: ["status", "division", "q"], takesCursor: false)
        let status: CameraStatus? = try query.choice("status")
        let page = try await list.page(
            CameraList.Filter(status: status, division: try query.division(), search: try query.search()),
            for: try context.requirePrincipal(), PageRequest(number: query.page.number, size: Self.wallSize))
        let frames = try await FrameSummaries.latest(of: page.items.map(\.camera.id), runtime.pool)
        let pages = runtime.pages
        let words = AccessWords(pages: pages, context: context)
        return try pages.render(
            "camera-wall", context,
            PageMeta(
                title: words.text("wall.title"),
                crumbs: [
                    Crumb(words.text("canteens.title"), "/registry/canteens"), Crumb(words.text("wall.title")),
                ], lead: words.text("wall.lead", ["n": String(page.total)]), current: "canteens", isWide: true),
            model: WallModel(
                cards: page.items.map { item in
                    let camera = item.camera
                    let frame = frames[camera.id]
                    return Card(
                        name: camera.name, school: "\(item.schoolName) · \(item.canteenName)",
                        zone: pages.label(camera.zone, context), status: pages.label(camera.status, context),
                        tone: words.tone(camera.status), path: "/registry/cameras/\(camera.id)",
                        historyPath: camera.status == .pending ? nil : "/registry/cameras/\(camera.id)/history",
                        picture: frame.map { "/registry/cameras/\(camera.id)/first-frame.jpg?v=\($0.frame)" },
                        rejection: camera.status == .pending ? frame?.rejection : nil)
                },
                states: CameraStatus.allCases.map {
                    FormField.Option(value: $0.rawValue, label: pages.label($0, context), isSelected: $0 == status)
                }, isEmpty: page.items.isEmpty, text: words.text("wall.none"),
                pager: page.pager(path: "/registry/cameras/wall" + (status.map { "?status=\($0.rawValue)" } ?? ""))))
    }

    // MARK: papers

    private func visible(_ context: BrightContext) async throws -> (camera: Camera, canteen: Canteen) {
        guard let camera = try await list.camera(try context.id("id")),
            let canteen = try await canteens.canteen(camera.canteenId)
        else { throw Problem.notFound }
        let caterer = try await canteens.caterer(of: canteen)
        try context.requireVisible(canteen.resource(caterer: caterer))
        return (camera, canteen)
    }

    private func entry(_ camera: Camera) async throws -> CameraPapersStore.Entry {
        try await CameraPapersStore.entries(of: [camera.id], runtime.pool)[camera.id]
            ?? CameraPapersStore.Entry(papers: CameraPapers(), isPublicSafety: nil)
    }

    private struct Document: Encodable {
        let cameraId: CameraID
        let status: CameraStatus
        let hardware: String?
        let privacyStatementOn: LocalDate?
        let filingNumber: String?
        let filedOn: LocalDate?
        /// Last calendar day for filing; absent where none is required.
        let filingDueOn: LocalDate?

        init(_ camera: Camera, _ entry: CameraPapersStore.Entry, days: Int) {
            cameraId = camera.id
            status = camera.status
            hardware = entry.papers.hardware
            privacyStatementOn = entry.papers.privacyStatementOn
            filingNumber = entry.papers.filingNumber
            filedOn = entry.papers.filedOn
            filingDueOn = entry.isPublicSafety == false ? nil : camera.enabledOn.adding(days: days)
        }
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, _) = try await visible(context)
        return try .json(Document(camera, try await entry(camera), days: rule.filingDays))
    }

    @Sendable private func replacePapers(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await visible(context)
        try context.authorise(.applyForRegistration, on: canteen.resource())
        let papers = try await request.json(CameraPapers.self, context)
        let changed = try await save(papers, camera, context)
        return try .json(Document(changed, try await entry(changed), days: rule.filingDays))
    }

    private func save(_ papers: CameraPapers, _ camera: Camera, _ context: BrightContext) async throws -> Camera {
        try Self.check(papers, camera, today: LocalDate(context.now))
        let eventContext = try context.eventContext()
        return try await runtime.pool.transaction { transaction in
            try await CameraPapersStore.save(papers, of: camera.id, eventContext, now: context.now, transaction)
        }
    }

    private static func check(_ papers: CameraPapers, _ camera: Camera, today: LocalDate) throws {
        var faults: [FieldFault] = []
        for (name, text) in [("hardware", papers.hardware), ("filing_number", papers.filingNumber)] {
            guard let text else { continue }
            if text.isEmpty || text.count > 64 || !text.allSatisfy({ !$0.isNewline && !$0.isWhitespace }) {
                faults.append(
                    FieldFault(
                        field: name, code: "not_a_code",
                        detail: LocalizedText(
                            zh: "编号为 1 到 64 个字符，不含空格。", en: "A code has 1 to 64 characters and no space."),
                        allowed: "1…64"))
            }
        }
        for (name, date) in [("privacy_statement_on", papers.privacyStatementOn), ("filed_on", papers.filedOn)] {
            guard let date, date > today else { continue }
            faults.append(
                FieldFault(
                    field: name, code: "date_in_future",
                    detail: LocalizedText(zh: "日期不能晚于今天。", en: "The date lies in the future."),
                    allowed: "≤ \(today.iso)"))
        }
        if (papers.filingNumber == nil) != (papers.filedOn == nil) {
            faults.append(
                FieldFault(
                    field: papers.filingNumber == nil ? "filing_number" : "filed_on", code: "missing",
                    detail: LocalizedText(
                        zh: "备案编号和备案日期须同时填写。", en: "Filing number and date belong together.")))
        }
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }

    private struct PapersModel {
        let facts: [[String: String]]
        let fields: [FormField]
        let action: String
        let mayChange: Bool
        let filing: String
        let isLate: Bool
        let hasFaults: Bool
        let faults: [[String: String]]
        let accessPath: String
    }

    @Sendable private func showPapers(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await visible(context)
        return try await show(camera, canteen, try await entry(camera).papers, nil, context, status: .ok)
    }

    private func show(
        _ camera: Camera, _ canteen: Canteen, _ papers: CameraPapers, _ problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let words = AccessWords(pages: runtime.pages, context: context)
        let stored = try await entry(camera)
        let filing = stored.papers.filing(
            isPublicSafety: stored.isPublicSafety, enabledOn: camera.enabledOn, days: rule.filingDays,
            today: LocalDate(context.now))
        func field(_ name: String, _ value: String?, type: String = "text") -> FormField {
            FormField(
                name, label: words.text("papers.\(name)"), value: value ?? "", type: type,
                hint: name == "hardware" ? words.text("papers.hardware_hint") : nil,
                fault: problem?.faults.first { $0.field == name }?.detail[context.language], isOptional: true,
                maximum: 64)
        }
        var isLate = false
        if case .overdue = filing { isLate = true }
        return try runtime.pages.render(
            "camera-papers", context,
            PageMeta(
                title: camera.name,
                crumbs: [
                    Crumb(canteen.name, "/registry/canteens/\(canteen.id)/access"), Crumb(words.text("papers.title")),
                ], lead: words.text("papers.lead"), current: "access"),
            model: PapersModel(
                facts: [
                    ["label": words.text("camera.zone"), "value": runtime.pages.label(camera.zone, context)],
                    ["label": words.text("camera.gb_id"), "value": camera.gbId],
                    ["label": words.text("camera.enabled_on"), "value": camera.enabledOn.iso],
                    ["label": words.text("camera.status"), "value": runtime.pages.label(camera.status, context)],
                ],
                fields: [
                    field("hardware", papers.hardware),
                    field("privacy_statement_on", papers.privacyStatementOn?.iso, type: "date"),
                    field("filing_number", papers.filingNumber),
                    field("filed_on", papers.filedOn?.iso, type: "date"),
                ], action: "/registry/cameras/\(camera.id)/papers",
                mayChange: context.may(.applyForRegistration, on: canteen.resource()), filing: words.filing(filing),
                isLate: isLate, hasFaults: problem?.faults.isEmpty == false,
                faults: problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? [],
                accessPath: "/registry/canteens/\(canteen.id)/access"),
            status: status)
    }

    @Sendable private func submitPapers(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (camera, canteen) = try await visible(context)
        try context.authorise(.applyForRegistration, on: canteen.resource())
        let form = try await request.form(context)
        var check = form.check()
        let papers = CameraPapers(
            hardware: form.optional("hardware"),
            privacyStatementOn: form.optional("privacy_statement_on") == nil ? nil : check.date("privacy_statement_on"),
            filingNumber: form.optional("filing_number"),
            filedOn: form.optional("filed_on") == nil ? nil : check.date("filed_on"))
        do {
            try check.done()
            _ = try await save(papers, camera, context)
            return .seeOther("/registry/canteens/\(canteen.id)/access")
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await show(camera, canteen, papers, problem, context, status: problem.status)
        }
    }
}
