import Access
import Contracts
import Hummingbird
import ServiceKit

/// The school's JSON interface, `/parent/v1/representatives…` and `/parent/v1/views`.
struct SchoolAPI: Sendable {
    let commands: Representatives
    let queries: SchoolQueries
    let publicBaseURL: String
    let live: LiveState
    let sms: InvitationSMS

    func declare(_ routes: Routes) {
        let group = routes.group("/v1")
        group.get("/representatives", .action(.manageParents), use: list)
        group.post("/representatives", .action(.manageParents), use: invite)
        group.get("/representatives/{id}", .action(.manageParents), use: detail)
        group.post("/representatives/{id}/invitation", .action(.manageParents), use: renew)
        group.post("/representatives/{id}/grants", .action(.manageParents), use: grant)
        group.post("/representatives/{id}/grants/{grant}/revoke", .action(.manageParents), use: revokeGrant)
        for (name, step) in Self.steps {
            group.post("/representatives/{id}/\(name)", .action(.manageParents)) { request, context in
                try await take(step, context)
            }
        }
        group.get("/views", .action(.manageParents), use: views)
    }

    static let steps: [(String, AccountState.Step)] = [("suspend", .suspend), ("resume", .resume), ("revoke", .revoke)]

    @Sendable func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await queries.representatives(context.managedSchool(), PageRequest(request))
        return try Response.json(page.map { RepresentativeAnswer($0) })
    }

    @Sendable func invite(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let wanted = try await request.json(NewRepresentative.self, context)
        let mobile = try PersonFields.mobileNumber(wanted.mobileNumber)
        let sends = wanted.sendSms == true
        if sends, mobile == nil { throw InvitationSMS.noNumber }
        let invitation = try await commands.invite(
            school: school, label: try PersonFields.label(wanted.label), mobileNumber: mobile,
            terms: wanted.grant.terms, context.eventContext())
        var isSent: Bool?
        if sends, let mobile {
            isSent = await sms.send(
                invitation, link: invitation.link(publicBaseURL),
                school: live.canteens(of: school).first?.schoolName ?? "", to: mobile)
        }
        return try Response.json(InvitationAnswer(invitation, publicBaseURL, smsSent: isSent), status: .created)
    }

    @Sendable func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (school, id) = (try context.managedSchool(), try context.id("id", as: RepresentativeID.self))
        guard let line = try await queries.representative(id, of: .school(school)) else { throw Problem.notFound }
        return try Response.json(RepresentativeAnswer(line, grants: try await queries.grants(id, of: .school(school))))
    }

    @Sendable func renew(_ request: Request, _ context: BrightContext) async throws -> Response {
        let invitation = try await commands.renewInvitation(
            try context.id("id"), of: .school(context.managedSchool()), context.eventContext())
        return try Response.json(InvitationAnswer(invitation, publicBaseURL), status: .created)
    }

    @Sendable func grant(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let wanted = try await request.json(NewGrant.self, context)
        let id = try await commands.grant(
            try context.id("id"), of: .school(school), terms: wanted.terms, context.eventContext())
        return try Response.json(["grant_id": id], status: .created)
    }

    @Sendable func revokeGrant(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await commands.revokeGrant(
            try context.id("grant"), from: try context.id("id"), of: .school(context.managedSchool()),
            context.eventContext())
        return Response.noContent()
    }

    @Sendable func views(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await queries.views(ofSchool: context.managedSchool(), PageRequest(request))
        return try Response.json(page.map { ViewAnswer($0) })
    }

    private func take(_ step: AccountState.Step, _ context: BrightContext) async throws -> Response {
        try await commands.take(
            step, try context.id("id"), of: .school(context.managedSchool()), context.eventContext())
        return Response.noContent()
    }
}

extension BrightContext {
    /// The school whose representatives this person manages. Checked with the decision function, not assumed.
    func managedSchool() throws -> SchoolID {
        guard let school = try requirePrincipal().schoolId else { throw Problem.forbidden }
        try authorise(.manageParents, on: Resource(schoolId: school))
        return school
    }
}

extension Invitation {
    func link(_ publicBaseURL: String) -> String { "\(publicBaseURL)/parent/invitation/\(token.text)" }
}
