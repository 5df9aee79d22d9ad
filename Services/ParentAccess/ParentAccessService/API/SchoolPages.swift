import Attachments
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The school's pages under `/parent/school`: representatives, invitations, grants, who watched what.
struct SchoolPages: Sendable {
    let commands: Representatives
    let queries: SchoolQueries
    let pages: Pages
    let live: LiveState
    let publicBaseURL: String
    let sms: InvitationSMS

    private static let home = "/parent/school"

    func declare(_ routes: Routes) {
        routes.get("/school", .action(.manageParents), use: list)
        routes.get("/school/invite", .action(.manageParents), use: inviteForm)
        routes.post("/school/invite", .action(.manageParents), use: invite)
        routes.get("/school/views", .action(.manageParents), use: views)
        let one = routes.group("/school/representatives/{id}")
        one.get("/", .action(.manageParents), use: detail)
        one.post("/invitation", .action(.manageParents), use: renew)
        one.post("/grants", .action(.manageParents), use: grant)
        one.post("/grants/{grant}/revoke", .action(.manageParents), use: revokeGrant)
        for (name, step) in SchoolAPI.steps {
            one.post("/\(name)", .action(.manageParents)) { _, context in try await take(step, context) }
        }
    }

    // MARK: list

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let page = try await queries.representatives(school, PageRequest(request))
        let rows = page.items.map { line in
            RepresentativeRow(
                path: "\(Self.home)/representatives/\(line.account.representativeId)",
                label: line.label ?? pages.text("school.erased", context), number: line.account.accountNumber,
                state: pages.text("account_state.\(line.account.state.rawValue)", context),
                stateClass: Self.pillClass(line.account.state),
                until: LocalTime.lastDay(line.account.expiresAt), grants: line.currentGrants)
        }
        return try pages.render(
            "school", context,
            PageMeta(
                title: pages.text("school.title", context), lead: pages.text("school.lead", context),
                current: "representatives", isWide: true),
            model: SchoolModel(
                schoolName: live.canteens(of: school).first?.schoolName, rows: rows, hasRows: !rows.isEmpty,
                pager: page.pager(path: Self.home)))
    }

    @Sendable func views(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await queries.views(ofSchool: context.managedSchool(), PageRequest(request))
        let rows = page.items.map { line in
            ViewRow(
                who: line.label ?? line.accountNumber
                    ?? pages.text("school.staff_member", context, ["id": String(line.viewer.suffix(4))]),
                camera: line.cameraName, from: LocalTime.minute(line.startedAt),
                to: line.endedAt.map { LocalTime.minute($0) }, endedBy: line.endedBy.map { pages.label($0, context) })
        }
        return try pages.render(
            "views", context,
            PageMeta(
                title: pages.text("views.school_title", context),
                crumbs: [
                    Crumb(pages.text("school.title", context), Self.home),
                    Crumb(pages.text("views.school_title", context)),
                ], lead: pages.text("views.school_lead", context), current: "representatives", isWide: true),
            model: ViewsModel(
                rows: rows, hasRows: !rows.isEmpty, isOwn: false, pager: page.pager(path: "\(Self.home)/views")))
    }

    // MARK: invite

    @Sendable func inviteForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        try renderInvite(context, typed: nil, problem: nil)
    }

    @Sendable func invite(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let form = try await request.form(context)
        do {
            let label = try PersonFields.label(try form.required("label"))
            let mobile = try PersonFields.mobileNumber(form.optional("mobile_number"))
            let sends = form.optional("send_sms") != nil
            if sends, mobile == nil { throw InvitationSMS.noNumber }
            let terms = try GrantForm.terms(form)
            let invitation = try await commands.invite(
                school: school, label: label, mobileNumber: mobile, terms: terms, context.eventContext())
            guard sends, let mobile else { return try renderInvitation(invitation, context) }
            let isSent = await sms.send(
                invitation, link: invitation.link(publicBaseURL),
                school: live.canteens(of: school).first?.schoolName ?? "", to: mobile)
            return try renderInvitation(invitation, isSent: isSent, context)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try renderInvite(context, typed: form, problem: problem)
        }
    }

    private func renderInvite(_ context: BrightContext, typed: FormData?, problem: Problem?) throws -> Response {
        let school = try context.managedSchool()
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let model = InviteModel(
            fields: [
                FormField(
                    "label", label: pages.text("invite.label", context), value: typed?.optional("label") ?? "",
                    hint: pages.text("invite.label_hint", context), fault: fault("label"),
                    maximum: PersonFields.labelLength, autocomplete: "off"),
                FormField(
                    "mobile_number", label: pages.text("invite.mobile", context),
                    value: typed?.optional("mobile_number") ?? "", type: "tel",
                    hint: pages.text("invite.mobile_hint", context), fault: fault("mobile_number"), isOptional: true,
                    maximum: 20, autocomplete: "off"),
            ],
            sendsSMS: typed?.optional("send_sms") != nil,
            grant: GrantForm(pages: pages, live: live).model(context, school: school, typed: typed, problem: problem),
            conflict: problem.flatMap { $0.status == .conflict ? $0.detail[context.language] : nil })
        return try pages.render(
            "invite", context,
            PageMeta(
                title: pages.text("invite.title", context),
                crumbs: [
                    Crumb(pages.text("school.title", context), Self.home), Crumb(pages.text("invite.title", context)),
                ],
                current: "representatives"), model: model, status: problem?.status ?? .ok)
    }

    private func renderInvitation(
        _ invitation: Invitation, isSent: Bool? = nil, _ context: BrightContext
    ) throws -> Response {
        try InvitationPage(pages: pages, publicBaseURL: publicBaseURL).render(
            invitation, crumb: Crumb(pages.text("school.title", context), Self.home), current: "representatives",
            backPath: "\(Self.home)/representatives/\(invitation.representativeId)", isSent: isSent, context)
    }

    // MARK: one representative

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await renderDetail(context, typed: nil, problem: nil)
    }

    @Sendable func renew(_ request: Request, _ context: BrightContext) async throws -> Response {
        let invitation = try await commands.renewInvitation(
            try context.id("id"), of: .school(context.managedSchool()), context.eventContext())
        return try renderInvitation(invitation, context)
    }

    @Sendable func grant(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (school, id) = (try context.managedSchool(), try context.id("id", as: RepresentativeID.self))
        let form = try await request.form(context)
        do {
            _ = try await commands.grant(
                id, of: .school(school), terms: try GrantForm.terms(form), context.eventContext())
            return Response.seeOther("\(Self.home)/representatives/\(id)")
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await renderDetail(context, typed: form, problem: problem)
        }
    }

    @Sendable func revokeGrant(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: RepresentativeID.self)
        try await commands.revokeGrant(
            try context.id("grant"), from: id, of: .school(context.managedSchool()), context.eventContext())
        return Response.seeOther("\(Self.home)/representatives/\(id)")
    }

    private func take(_ step: AccountState.Step, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: RepresentativeID.self)
        try await commands.take(step, id, of: .school(context.managedSchool()), context.eventContext())
        return Response.seeOther("\(Self.home)/representatives/\(id)")
    }

    private func renderDetail(_ context: BrightContext, typed: FormData?, problem: Problem?) async throws -> Response {
        let (school, id) = (try context.managedSchool(), try context.id("id", as: RepresentativeID.self))
        guard let line = try await queries.representative(id, of: .school(school)) else { throw Problem.notFound }
        let names = Dictionary(
            live.grantableCameras(of: school, on: LocalDate(context.now)).map { ($0.cameraId, $0.name) },
            uniquingKeysWith: { first, _ in first })
        let path = "\(Self.home)/representatives/\(id)"
        let grants = try await queries.grants(id, of: .school(school)).map { grant in
            GrantRow(
                cameras: grant.zones.map { pages.label($0, context) }.sorted()
                    + grant.cameraIds.map { names[$0] ?? $0.rawValue }.sorted(),
                windows: windowLines(grant.schedule.windows, context), from: LocalDate(grant.validFrom).iso,
                to: LocalTime.lastDay(grant.validTo), revoked: grant.revokedAt.map { LocalTime.minute($0) },
                revokePath: "\(path)/grants/\(grant.grantId)/revoke")
        }
        let state = line.account.state
        let isOver = state == .revoked || state == .expired
        return try pages.render(
            "representative", context,
            PageMeta(
                title: line.label ?? pages.text("school.erased", context),
                crumbs: [Crumb(pages.text("school.title", context), Self.home), Crumb(line.account.accountNumber)],
                current: "representatives"),
            model: RepresentativeModel(
                path: path, number: line.account.accountNumber,
                state: pages.text("account_state.\(state.rawValue)", context), stateClass: Self.pillClass(state),
                until: LocalTime.lastDay(line.account.expiresAt), invited: LocalTime.minute(line.invitedAt),
                activated: line.activatedAt.map { LocalTime.minute($0) }, grants: grants,
                canRenew: state == .invited || state.isUsable, canSuspend: state.after(.suspend) != nil,
                canResume: state.after(.resume) != nil, canRevoke: !isOver,
                grantForm: isOver
                    ? nil
                    : GrantForm(pages: pages, live: live).model(context, school: school, typed: typed, problem: problem)
            ),
            status: problem?.status ?? .ok)
    }

    /// Days with the same window on one line, as people say it.
    private func windowLines(_ windows: [WeeklyWindow], _ context: BrightContext) -> [WindowLine] {
        let byTime = Dictionary(grouping: windows) { "\($0.from.text)–\($0.to.text)" }
        let between = pages.text("representative.between", context)
        return byTime.sorted { $0.key < $1.key }.map { time, windows in
            WindowLine(
                days: windows.map(\.weekday).sorted().map { pages.text("weekday.d\($0)", context) }.joined(
                    separator: between),
                time: time)
        }
    }

    static func pillClass(_ state: AccountState) -> String {
        switch state {
        case .active: "pill--ok"
        case .invited, .activated: "pill--info"
        case .suspended: "pill--warn"
        case .expired, .revoked: ""
        }
    }
}
