import Access
import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// Recordings for staff: what there is of a day, playing it with a reason, asking for an export.
struct PlaybackPages: Sendable {
    let desk: PlaybackDesk
    let exports: ExportDesk
    let approvals: Approvals
    let pages: Pages
    let live: LiveState

    static let home = "/parent/playback"
    static let exportKind = "video_export"

    func declare(_ routes: Routes) {
        routes.get("/playback", .action(.playback), use: show)
        routes.post("/playback", .action(.playback), use: begin)
        routes.get("/playback/{id}", .action(.playback), use: watch)
        routes.post("/playback/exports", .action(.playback), use: propose)
        routes.get("/exports", .action(.playback), use: list)
        routes.get("/exports/{number}/file", .action(.playback), use: download)
        routes.get("/v1/recordings/{camera}", .action(.playback), use: stretches)
        routes.at("/video").get("/recorded/{session}/{camera}/{file}", .signedIn, use: file)
    }

    static func kind(pages: Pages, live: LiveState, exports: ExportDesk) -> ApprovalKind {
        ApprovalKind(
            exportKind, title: LocalizedText(zh: "导出录像", en: "Export of a recording"), proposing: .playback,
            approving: .playback,
            facts: { approval, context in
                let wish = try approval.decode(VideoExport.Wish.self)
                return [
                    ApprovalFact(
                        pages.text("playback.camera", context),
                        live.camera(wish.cameraId)?.camera.name ?? wish.cameraId.rawValue),
                    ApprovalFact(
                        pages.text("playback.span", context),
                        "\(LocalTime.minute(wish.from)) – \(LocalTime.clock(wish.to))"),
                    ApprovalFact(
                        pages.text("playback.reason", context),
                        pages.text("view_reason.\(wish.reason.rawValue)", context)),
                ]
            },
            apply: { approval, context, tx in
                let approver = try context.requirePrincipal()
                let wish = try approval.decode(VideoExport.Wish.self)
                // The second person must be allowed to see the recording, too.
                if let refusal = live.refusesPlayback(approver, wish.reason, camera: wish.cameraId, now: context.now) {
                    throw refusal.problem
                }
                try await exports.queue(approval, approvedBy: approver.personId, now: context.now, tx)
            })
    }

    // MARK: one camera, one day

    @Sendable func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let camera = try request.query("camera").map { CameraID($0) }
        let day = try request.query("day").flatMap { LocalDate(iso: $0) } ?? LocalDate(context.now)
        // The patrol page has written the look into its view log and sends what was asked for along.
        var typed: [(name: String, value: String)] = []
        for name in ["from", "to", "reason", "reference"] {
            if let value = try request.query(name) { typed.append((name, value)) }
        }
        return try render(
            context, camera: camera, day: day, wanted: try request.query("q"),
            typed: typed.isEmpty ? nil : FormData(values: typed), problem: nil)
    }

    private func render(
        _ context: BrightContext, camera id: CameraID?, day: LocalDate, wanted: String?, typed: FormData?,
        problem: Problem?
    ) throws -> Response {
        let principal = try context.requirePrincipal()
        var chosen: PlaybackCameraModel?
        if let id {
            guard let known = live.camera(id) else { throw Problem.notFound }
            try context.authorise(.playback, on: known.canteen.resource)
            let stretches = try desk.folder().stretches(of: known.camera.gbId, on: day)
            chosen = PlaybackCameraModel(
                id: id.rawValue, name: known.camera.name, day: day.iso,
                stretches: stretches.map { "\(Self.clock($0.from))–\(Self.clock($0.to))" },
                hasStretches: !stretches.isEmpty,
                fields: fields(stretches.first?.from ?? 0, typed: typed, problem: problem, context))
        }
        let found = cameras(principal, wanted, context)
        return try pages.render(
            "playback", context,
            PageMeta(
                title: pages.text("playback.title", context), lead: pages.text("playback.lead", context),
                current: "playback"),
            model: PlaybackModel(
                camera: chosen, wanted: wanted ?? "", isSchool: principal.schoolId != nil,
                cameras: found.prefix(50).map {
                    CanteenLink(name: $0.name, path: "\(Self.home)?camera=\($0.cameraId)&day=\(day.iso)")
                }, isCut: found.count > 50,
                fault: problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil }),
            status: problem?.status ?? .ok)
    }

    private func fields(
        _ from: Int, typed: FormData?, problem: Problem?, _ context: BrightContext
    ) -> [FormField] {
        func fault(_ name: String) -> String? {
            problem?.faults.first { $0.field == name }?.detail[context.language]
        }
        return [
            FormField(
                "from", label: pages.text("grant.from", context),
                value: typed?.optional("from") ?? Self.clock(from), type: "time", fault: fault("from")),
            FormField(
                "to", label: pages.text("grant.to", context),
                value: typed?.optional("to") ?? Self.clock(min(from + 600, 86_340)), type: "time", fault: fault("to")),
            FormField(
                "reason", label: pages.text("playback.reason", context), kind: .select, fault: fault("reason"),
                options: ViewReason.allCases.map {
                    .init(
                        value: $0.rawValue, label: pages.text("view_reason.\($0.rawValue)", context),
                        isSelected: typed?.optional("reason") == $0.rawValue)
                }),
            FormField(
                "reference", label: pages.text("playback.reference", context),
                value: typed?.optional("reference") ?? "", hint: pages.text("playback.reference_hint", context),
                fault: fault("reference"), isOptional: true, maximum: 64),
            FormField(
                "purpose", label: pages.text("playback.purpose", context), value: typed?.optional("purpose") ?? "",
                hint: pages.text("playback.purpose_hint", context), fault: fault("purpose"), isOptional: true,
                maximum: 300),
        ]
    }

    private func cameras(_ principal: Principal, _ wanted: String?, _ context: BrightContext) -> [CameraFacts] {
        if let school = principal.schoolId { return live.cameras(of: school) }
        guard let wanted, !wanted.isEmpty else { return [] }
        let canteens = live.allCanteens().filter {
            ($0.name.contains(wanted) || $0.schoolName.contains(wanted)) && context.may(.playback, on: $0.resource)
        }
        let ids = Set(canteens.map(\.canteenId))
        return canteens.flatMap { live.cameras(of: $0.schoolId) }.filter { ids.contains($0.canteenId) }
            .sorted { $0.name < $1.name }
    }

    private static func clock(_ second: Int) -> String {
        TimeOfDay(clamping: second / 60).text
    }

    // MARK: play

    @Sendable func begin(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let (camera, day) = try place(form)
        do {
            let wish = try wish(form, camera, day, longest: RecordedSpan.longest)
            let session = try await desk.begin(
                wish, by: try context.requirePrincipal(), try context.eventContext())
            return Response.seeOther("\(Self.home)/\(session.sessionId)")
        } catch let refusal as ViewRefusal {
            guard refusal == .reasonMissing else { throw refusal.problem }
            return try render(
                context, camera: camera, day: day, wanted: nil, typed: form, problem: refusal.problem)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try render(context, camera: camera, day: day, wanted: nil, typed: form, problem: problem)
        }
    }

    private func place(_ form: FormData) throws -> (CameraID, LocalDate) {
        var check = form.check()
        let camera: CameraID = check.id("camera")
        let day = check.date("day")
        try check.done()
        return (camera, day)
    }

    private func wish(
        _ form: FormData, _ camera: CameraID, _ day: LocalDate, longest: Duration
    ) throws -> PlaybackDesk.Wish {
        let minutes = longest.components.seconds / 60
        guard let from = form.optional("from").flatMap({ TimeOfDay(text: $0.prefix(5)) }),
            let to = form.optional("to").flatMap({ TimeOfDay(text: $0.prefix(5)) }), from < to,
            to.minutes - from.minutes <= Int(minutes)
        else {
            throw Problem.invalid(
                "to", code: "span", zh: "请填写起止时间，最长 \(minutes) 分钟。",
                en: "Please give a start and an end, \(minutes) minutes apart at most.", allowed: "≤ \(minutes) min")
        }
        if let reference = form.optional("reference"), !WellFormed.isIdentifier(reference) {
            throw Problem.invalid(
                "reference", code: "not_an_id", zh: "编号格式不正确。", en: "This is not an id.",
                allowed: "A–Z a–z 0–9 - _ .")
        }
        let span = RecordedSpan(
            from: day.start + .seconds(from.minutes * 60), to: day.start + .seconds(to.minutes * 60))
        return PlaybackDesk.Wish(
            cameraId: camera, span: span, reason: form.optional("reason").flatMap { ViewReason(rawValue: $0) },
            reference: form.optional("reference"))
    }

    @Sendable func watch(_ request: Request, _ context: BrightContext) async throws -> Response {
        let session = try ownSession(try context.id("id"), context)
        guard let span = session.recorded, let camera = live.camera(session.cameraId)?.camera else {
            throw Problem.notFound
        }
        return try pages.render(
            "playback_view", context,
            PageMeta(
                title: camera.name,
                crumbs: [Crumb(pages.text("playback.title", context), Self.home), Crumb(camera.name)],
                lead: "\(LocalTime.minute(span.from)) – \(LocalTime.clock(span.to))", current: "playback",
                scripts: ["video.js"]),
            model: Player(
                source: VideoPath.text(recorded: session.sessionId, session.cameraId), name: camera.name,
                zone: pages.label(camera.zone, context),
                watermark: WatermarkText(live: live, pages: pages).text(context, school: session.schoolId)))
    }

    private func ownSession(_ id: ViewSessionID, _ context: BrightContext) throws -> ViewSession {
        guard let session = live.session(id),
            session.viewer == .staff(try context.requirePrincipal().personId), session.recorded != nil
        else { throw Problem.notFound }
        return session
    }

    @Sendable func file(_ request: Request, _ context: BrightContext) async throws -> Response {
        do {
            let person = try context.requirePrincipal().personId
            switch try await desk.file(request.uri.description, person, now: context.now) {
            case .playlist(let text):
                return .bytes(Array(text.utf8), contentType: "application/vnd.apple.mpegurl")
            case .segment(let bytes): return .bytes(bytes, contentType: "video/mp2t")
            }
        } catch let refusal as ViewRefusal {
            throw refusal.problem
        }
    }

    @Sendable func stretches(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("camera", as: CameraID.self)
        guard let known = live.camera(id) else { throw Problem.notFound }
        try context.authorise(.playback, on: known.canteen.resource)
        let day = try request.query("day").flatMap { LocalDate(iso: $0) } ?? LocalDate(context.now)
        let stretches = try desk.folder().stretches(of: known.camera.gbId, on: day)
        return try Response.json(
            RecordingsAnswer(
                cameraId: id, day: day,
                stretches: stretches.map {
                    .init(from: day.start + .seconds($0.from), to: day.start + .seconds($0.to))
                }))
    }

    // MARK: exports

    @Sendable func propose(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let (camera, day) = try place(form)
        do {
            let wish = try wish(form, camera, day, longest: VideoExport.longest)
            _ = try desk.allowed(wish, try context.requirePrincipal(), context.now)
            guard let reason = wish.reason else { throw ViewRefusal.reasonMissing }
            var check = form.check()
            let purpose = check.text("purpose", maximum: 300, screened: true)
            try check.done()
            let content = VideoExport.Wish(
                cameraId: camera, from: wish.span.from, to: wish.span.to, reason: reason, reference: wish.reference)
            try await desk.pool.transaction { tx in
                try await approvals.propose(
                    Self.exportKind, subject: camera.rawValue, content: content, reason: purpose, context, in: tx)
            }
            return Response.seeOther(approvals.path)
        } catch let refusal as ViewRefusal {
            guard refusal == .reasonMissing else { throw refusal.problem }
            return try render(context, camera: camera, day: day, wanted: nil, typed: form, problem: refusal.problem)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try render(context, camera: camera, day: day, wanted: nil, typed: form, problem: problem)
        }
    }

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await exports.page(of: context.requirePrincipal().personId, PageRequest(request))
        let rows = page.items.map { export in
            ExportRow(
                number: export.number, camera: live.camera(export.cameraId)?.camera.name ?? "",
                span: "\(LocalTime.minute(export.from)) – \(LocalTime.clock(export.to))",
                state: pages.text("export_state.\(export.state.rawValue)", context),
                until: LocalTime.minute(export.expiresAt), left: String(export.downloadsLeft), fault: export.fault,
                path: export.state == .ready && export.downloadsLeft > 0 && context.now < export.expiresAt
                    ? "/parent/exports/\(export.number)/file" : nil)
        }
        return try pages.render(
            "exports", context,
            PageMeta(
                title: pages.text("exports.title", context),
                crumbs: [
                    Crumb(pages.text("playback.title", context), Self.home),
                    Crumb(pages.text("exports.title", context)),
                ], lead: pages.text("exports.lead", context), current: "playback", isWide: true),
            model: ExportsModel(
                rows: rows, hasRows: !rows.isEmpty, approvalsPath: approvals.path,
                pager: page.pager(path: "/parent/exports")))
    }

    @Sendable func download(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let number = context.parameters.get("number"), number.wholeMatch(of: /WM-[0-9]{8}-[0-9]{4,9}/) != nil
        else {
            throw Problem.notFound
        }
        let bytes = try await exports.download(
            number, by: context.requirePrincipal().personId, try context.eventContext())
        var response = Response.bytes(bytes, contentType: "video/mp4", cacheControl: "private, no-store")
        response.headers[.contentDisposition] = "attachment; filename=\"\(number).mp4\""
        return response
    }
}
