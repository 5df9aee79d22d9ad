import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The representatives' pages under `/parent/`: cameras, own views, own account.
struct ParentPages: Sendable {
    let accounts: ParentAccounts
    let queries: SchoolQueries
    let pages: Pages
    let live: LiveState

    func declare(_ routes: Routes) {
        routes.get("/", .representative, use: home)
        routes.get("/views", .representative, use: views)
        routes.get("/account", .representative, use: account)
        routes.post("/account/erase", .representative, use: erase)
    }

    @Sendable func home(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, grants) = try context.representative(live, request)
        let school = live.canteens(of: account.schoolId)
        let chosen = try request.query("camera").map { CameraID($0) }
        let cameras = grantedCameras(grants, now: context.now)
        let viewer = Viewer.representative(account, grants: grants)
        let cards = cameras.map { card($0, viewer, grants, chosen: chosen, context) }
        var player: Player?
        var refusal: String?
        if let chosen {
            switch live.decide(viewer, camera: chosen, now: context.now) {
            case .allowed:
                player = live.camera(chosen).map { known in
                    Player(
                        source: "/video/open/\(known.camera.cameraId)", name: known.camera.name,
                        zone: pages.label(known.camera.zone, context),
                        watermark: WatermarkText(live: live, pages: pages).text(context, school: account.schoolId))
                }
            case .refused(let why): refusal = why.text[context.language]
            }
        }
        return try pages.render(
            "parent", context,
            PageMeta(
                title: pages.text("parent.title", context), lead: school.first?.schoolName, current: "parent",
                scripts: ["video.js"]),
            model: ParentHomeModel(
                schoolName: school.first?.schoolName ?? "", number: account.accountNumber,
                until: LocalTime.lastDay(account.expiresAt),
                canteens: school.map { CanteenLink(name: $0.name, path: "/disclosure/canteens/\($0.canteenId)") },
                player: player, refusal: refusal, cameras: cards))
    }

    @Sendable func views(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let page = try await queries.views(of: .representative(account.representativeId), PageRequest(request))
        let rows = page.items.map { line in
            ViewRow(
                who: "", camera: line.cameraName, from: LocalTime.minute(line.startedAt),
                to: line.endedAt.map { LocalTime.minute($0) }, endedBy: line.endedBy.map { pages.label($0, context) })
        }
        return try pages.render(
            "views", context,
            PageMeta(
                title: pages.text("views.own_title", context),
                crumbs: [
                    Crumb(pages.text("parent.title", context), "/parent/"),
                    Crumb(pages.text("views.own_title", context)),
                ],
                current: "parent_views"),
            model: ViewsModel(
                rows: rows, hasRows: !rows.isEmpty, isOwn: true, pager: page.pager(path: "/parent/views")))
    }

    @Sendable func account(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let person = try await queries.person(account.representativeId)
        return try pages.render(
            "account", context,
            PageMeta(
                title: pages.text("account.title", context),
                crumbs: [
                    Crumb(pages.text("parent.title", context), "/parent/"), Crumb(pages.text("account.title", context)),
                ],
                current: "parent_account"),
            model: ParentAccountModel(
                label: person?.label ?? "", mobileNumber: person?.mobileNumber, number: account.accountNumber,
                schoolName: live.canteens(of: account.schoolId).first?.schoolName ?? "",
                until: LocalTime.lastDay(account.expiresAt),
                consents: try await queries.consents(account.representativeId).map {
                    ConsentLine(version: $0.version, acceptedAt: LocalTime.minute($0.acceptedAt))
                }))
    }

    @Sendable func erase(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let form = try await request.form(context)
        guard form.optional("confirm") == "yes" else {
            throw Problem.invalid("confirm", code: "missing", zh: "请先勾选确认。", en: "Please tick the box first.")
        }
        try await accounts.erase(account.representativeId, school: account.schoolId, context.eventContext())
        return Response.seeOther("/parent/login")
    }

    // MARK: cameras

    /// Everything that a grant in force, or one to come, names.
    private func grantedCameras(_ grants: [ViewGrant], now: Instant) -> [CameraFacts] {
        let ids = grants.filter { $0.revokedAt == nil && now < $0.validTo }.reduce(into: Set<CameraID>()) {
            $0.formUnion($1.cameraIds)
        }
        return ids.compactMap { live.camera($0)?.camera }.sorted { $0.name < $1.name }
    }

    private func card(
        _ camera: CameraFacts, _ viewer: Viewer, _ grants: [ViewGrant], chosen: CameraID?, _ context: BrightContext
    ) -> CameraCard {
        let note: String
        var watchPath: String?
        switch live.decide(viewer, camera: camera.cameraId, now: context.now) {
        case .allowed(let until, _):
            note = pages.text("parent.open_until", context, ["time": LocalTime.clock(until)])
            watchPath = "/parent/?camera=\(camera.cameraId)"
        case .refused(.outsideWindow), .refused(.notGranted):
            note = nextWindow(camera.cameraId, grants, context)
        case .refused(let why):
            note = why.text[context.language]
        }
        return CameraCard(
            name: camera.name, zone: pages.label(camera.zone, context), watchPath: watchPath,
            isCurrent: camera.cameraId == chosen, isOpen: watchPath != nil, note: note)
    }

    private func nextWindow(_ camera: CameraID, _ grants: [ViewGrant], _ context: BrightContext) -> String {
        let next = grants.filter { $0.revokedAt == nil && $0.cameraIds.contains(camera) && context.now < $0.validTo }
            .compactMap { grant in
                grant.schedule.next(after: max(context.now, grant.validFrom), within: live.rules.limits)
                    .flatMap { $0.start < grant.validTo ? $0 : nil }
            }
            .min { $0.start < $1.start }
        guard let next else { return pages.text("parent.no_window", context) }
        let day = LocalDate(next.start)
        let name = pages.text("weekday.d\(day.weekday)", context)
        return pages.text(
            "parent.next_window", context,
            ["window": "\(name) \(day.iso.suffix(5)) \(LocalTime.clock(next.start))–\(LocalTime.clock(next.end))"])
    }
}

extension BrightContext {
    /// The representative behind the request's cookie, with all grants. 401 when the session is over.
    func representative(
        _ live: LiveState, _ request: Request
    ) throws -> (account: RepresentativeAccount, grants: [ViewGrant]) {
        guard let hash = request.parentLoginHash, let known = live.representative(loginHash: hash, now: now) else {
            throw Problem.unauthorised
        }
        return known
    }
}
