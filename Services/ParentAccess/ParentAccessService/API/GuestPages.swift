import Access
import Calendar
import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// Guests of an organ (press, delegates): invited for a limited time to watch cameras of one canteen, live only, in
/// windows, within the city's limits. The school sees who watched.
struct GuestPages: Sendable {
    let commands: Representatives
    let queries: SchoolQueries
    let pages: Pages
    let live: LiveState
    let publicBaseURL: String

    static let home = "/parent/guests"

    func declare(_ routes: Routes) {
        routes.get("/guests", .action(.inviteGuests), use: list)
        routes.get("/guests/new", .action(.inviteGuests), use: form)
        routes.post("/guests", .action(.inviteGuests), use: invite)
        routes.get("/guests/{id}", .action(.inviteGuests), use: detail)
        routes.post("/guests/{id}/revoke", .action(.inviteGuests), use: revoke)
        routes.get("/v1/guests", .action(.inviteGuests), use: listJSON)
        routes.post("/v1/guests", .action(.inviteGuests), use: inviteJSON)
        routes.post("/v1/guests/{id}/revoke", .action(.inviteGuests), use: revokeJSON)
    }

    // MARK: list

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await queries.representatives(.organ(context.sponsor()), PageRequest(request))
        let rows = page.items.map { line in
            RepresentativeRow(
                path: "\(Self.home)/\(line.account.representativeId)",
                label: line.label ?? pages.text("school.erased", context), number: line.account.accountNumber,
                state: pages.text("account_state.\(line.account.state.rawValue)", context),
                stateClass: SchoolPages.pillClass(line.account.state),
                until: LocalTime.lastDay(line.account.expiresAt), grants: line.currentGrants)
        }
        let wanted = try request.query("q") ?? ""
        let found = wanted.isEmpty ? [] : canteens(named: wanted, context)
        return try pages.render(
            "guests", context,
            PageMeta(
                title: pages.text("guests.title", context),
                lead: pages.text(
                    "guests.lead", context, ["days": String(live.city(at: context.now).guestDays)]),
                current: "guests", isWide: true),
            model: GuestsModel(
                rows: rows, hasRows: !rows.isEmpty, pager: page.pager(path: Self.home), wanted: wanted,
                canteens: found.prefix(25).map {
                    CanteenLink(
                        name: "\($0.schoolName) \($0.name)", path: "\(Self.home)/new?canteen=\($0.canteenId)")
                }, hasSearched: !wanted.isEmpty, total: String(found.count), isCut: found.count > 25))
    }

    /// Canteens of the organ's area whose name or school has the text in it.
    private func canteens(named text: String, _ context: BrightContext) -> [CanteenFacts] {
        live.allCanteens().filter {
            ($0.name.contains(text) || $0.schoolName.contains(text))
                && context.may(.inviteGuests, on: $0.resource)
        }.sorted { ($0.schoolName, $0.name) < ($1.schoolName, $1.name) }
    }

    @Sendable func listJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await queries.representatives(.organ(context.sponsor()), PageRequest(request))
        return try Response.json(page.map { RepresentativeAnswer($0) })
    }

    // MARK: invite

    @Sendable func form(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try request.query("canteen") ?? ""
        return try render(try canteen(CanteenID(id), context), context, typed: nil, problem: nil)
    }

    @Sendable func invite(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let canteen = try canteen(CanteenID(form.optional("canteen_id") ?? ""), context)
        do {
            let invitee = Invitee(
                label: try PersonFields.label(try form.required("label")),
                mobileNumber: try PersonFields.mobileNumber(form.optional("mobile_number")))
            let invitation = try await commands.invite(
                school: canteen.schoolId, sponsor: try context.sponsor(), [invitee],
                terms: try GrantForm.terms(form), context.eventContext())[0]
            return try InvitationPage(pages: pages, publicBaseURL: publicBaseURL).render(
                invitation, crumb: Crumb(pages.text("guests.title", context), Self.home), current: "guests",
                backPath: "\(Self.home)/\(invitation.representativeId)", context)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try render(canteen, context, typed: form, problem: problem)
        }
    }

    private func render(
        _ canteen: CanteenFacts, _ context: BrightContext, typed: FormData?, problem: Problem?
    ) throws -> Response {
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let today = LocalDate(context.now)
        let days = live.city(at: context.now).guestDays
        return try pages.render(
            "guest_form", context,
            PageMeta(
                title: pages.text("guests.invite", context),
                crumbs: [
                    Crumb(pages.text("guests.title", context), Self.home), Crumb(pages.text("guests.invite", context)),
                ], lead: "\(canteen.schoolName) \(canteen.name)", current: "guests"),
            model: GuestFormModel(
                canteenId: canteen.canteenId.rawValue,
                fields: [
                    FormField(
                        "label", label: pages.text("guests.label", context), value: typed?.optional("label") ?? "",
                        hint: pages.text("guests.label_hint", context), fault: fault("label"),
                        maximum: PersonFields.labelLength, autocomplete: "off"),
                    FormField(
                        "mobile_number", label: pages.text("invite.mobile", context),
                        value: typed?.optional("mobile_number") ?? "", type: "tel",
                        hint: pages.text("invite.mobile_hint", context), fault: fault("mobile_number"),
                        isOptional: true, maximum: 20, autocomplete: "off"),
                ],
                grant: GrantForm(pages: pages, live: live).model(
                    context, school: canteen.schoolId, typed: typed, problem: problem,
                    lastDay: today.adding(days: min(days, 2)))), status: problem?.status ?? .ok)
    }

    struct NewGuest: Decodable, Sendable {
        let canteenId: CanteenID
        let label: String
        let mobileNumber: String?
        let grant: NewGrant
    }

    @Sendable func inviteJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try await request.json(NewGuest.self, context)
        let canteen = try canteen(wanted.canteenId, context)
        let invitee = Invitee(
            label: try PersonFields.label(wanted.label),
            mobileNumber: try PersonFields.mobileNumber(wanted.mobileNumber))
        let invitation = try await commands.invite(
            school: canteen.schoolId, sponsor: try context.sponsor(), [invitee], terms: wanted.grant.terms,
            context.eventContext())[0]
        return try Response.json(InvitationAnswer(invitation, publicBaseURL), status: .created)
    }

    /// The canteen, if the organ's area reaches it; 404 otherwise.
    private func canteen(_ id: CanteenID, _ context: BrightContext) throws -> CanteenFacts {
        guard let canteen = live.canteen(id) else { throw Problem.notFound }
        try context.authorise(.inviteGuests, on: canteen.resource)
        return canteen
    }

    // MARK: one guest

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: RepresentativeID.self)
        let owner = AccountOwner.organ(try context.sponsor())
        guard let line = try await queries.representative(id, of: owner) else { throw Problem.notFound }
        let grants = try await queries.grants(id, of: owner)
        let views = try await queries.views(of: .representative(id), PageRequest(size: 50))
        let state = line.account.state
        return try pages.render(
            "guest", context,
            PageMeta(
                title: line.label ?? pages.text("school.erased", context),
                crumbs: [Crumb(pages.text("guests.title", context), Self.home), Crumb(line.account.accountNumber)],
                current: "guests"),
            model: GuestModel(
                path: "\(Self.home)/\(id)", number: line.account.accountNumber,
                state: pages.text("account_state.\(state.rawValue)", context),
                stateClass: SchoolPages.pillClass(state), until: LocalTime.lastDay(line.account.expiresAt),
                school: live.canteens(of: line.account.schoolId).first?.schoolName ?? "",
                cameras: Set(grants.flatMap(\.cameraIds)).compactMap { live.camera($0)?.camera.name }.sorted(),
                canRevoke: state.after(.revoke) != nil,
                views: views.items.map {
                    ViewRow(
                        who: "", camera: $0.cameraName, from: LocalTime.minute($0.startedAt),
                        to: $0.endedAt.map { LocalTime.minute($0) },
                        endedBy: $0.endedBy.map { pages.label($0, context) })
                }, hasViews: !views.items.isEmpty))
    }

    @Sendable func revoke(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: RepresentativeID.self)
        try await commands.take(.revoke, id, of: .organ(context.sponsor()), context.eventContext())
        return Response.seeOther("\(Self.home)/\(id)")
    }

    @Sendable func revokeJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await commands.take(
            .revoke, try context.id("id"), of: .organ(context.sponsor()), context.eventContext())
        return Response.noContent()
    }
}

extension BrightContext {
    /// The organ in whose name guests are invited.
    func sponsor() throws -> OrganID {
        guard let organ = try requirePrincipal().organId else { throw Problem.forbidden }
        return organ
    }
}

struct GuestsModel: Sendable {
    let rows: [RepresentativeRow]
    let hasRows: Bool
    let pager: Pager?
    let wanted: String
    let canteens: [CanteenLink]
    let hasSearched: Bool
    let total: String
    /// More were found than are shown.
    let isCut: Bool
}

struct GuestFormModel: Sendable {
    let canteenId: String
    let fields: [FormField]
    let grant: GrantFormModel
}

struct GuestModel: Sendable {
    let path: String
    let number: String
    let state: String
    let stateClass: String
    let until: String
    let school: String
    let cameras: [String]
    let canRevoke: Bool
    let views: [ViewRow]
    let hasViews: Bool
}
