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
        routes.get("/consent", .representative, use: consentForm)
        routes.post("/consent", .representative, use: consent)
        routes.get("/views", .representative, use: views)
        routes.get("/account", .representative, use: account)
        routes.post("/account/erase", .representative, use: erase)
    }

    @Sendable func home(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, grants) = try context.representative(live, request)
        guard account.consentVersion == Consent.currentVersion else { return Response.seeOther("/parent/consent") }
        let school = live.canteens(of: account.schoolId)
        let chosen = try request.query("camera").map { CameraID($0) }
        let cameras = live.cameras(named: grants, of: account.schoolId, at: context.now)
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
        let supplied = live.school(account.schoolId).suppliers.filter { $0.covers(LocalDate(context.now)) }
        var canteens: [CanteenNewsModel] = []
        for canteen in school + supplied.flatMap({ live.canteens(of: $0.catererId) }) {
            let news = try await CanteenNews.read(canteen.canteenId, now: context.now, queries.pool)
            canteens.append(CanteenNewsModel(canteen, news, pages: pages, context))
        }
        return try pages.render(
            "parent", context,
            PageMeta(
                title: pages.text("parent.title", context), lead: school.first?.schoolName, current: "parent",
                scripts: ["video.js", "parent.js"]),
            model: ParentHomeModel(
                otherSchool: ParentSwitch.otherSchool(request, context, live),
                schoolName: school.first?.schoolName ?? "", number: account.accountNumber,
                until: LocalTime.lastDay(account.expiresAt),
                canteens: canteens,
                player: player, refusal: refusal, cameras: cards))
    }

    @Sendable func consentForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        try pages.render(
            "consent", context, PageMeta(title: pages.text("consent.title", context), current: "parent"),
            model: ["version": Consent.currentVersion])
    }

    @Sendable func consent(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let form = try await request.form(context)
        guard form.optional("consent") == Consent.currentVersion else {
            throw Problem.invalid(
                "consent", code: "consent_missing", zh: "请阅读并同意使用约定。", en: "Please read and accept the terms.")
        }
        try await accounts.consent(account.representativeId, school: account.schoolId, context.eventContext())
        return Response.seeOther("/parent/")
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
            note = nextWindow(camera, grants, context)
        case .refused(let why):
            note = why.text[context.language]
        }
        return CameraCard(
            name: camera.name, zone: pages.label(camera.zone, context), watchPath: watchPath,
            isCurrent: camera.cameraId == chosen, isOpen: watchPath != nil, note: note)
    }

    private func nextWindow(_ camera: CameraFacts, _ grants: [ViewGrant], _ context: BrightContext) -> String {
        let limits = live.city(at: context.now).limits
        let next = grants.filter { $0.revokedAt == nil && $0.names(camera) && context.now < $0.validTo }
            .compactMap { grant in
                grant.schedule.next(
                    after: max(context.now, grant.validFrom), within: limits, weekday: live.weekday(of: grant.schoolId)
                ).flatMap { $0.start < grant.validTo ? $0 : nil }
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
