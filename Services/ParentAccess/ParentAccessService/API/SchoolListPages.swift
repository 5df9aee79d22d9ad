import Calendar
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// What a school does with many representatives at once: invite a list, renew for a new term.
struct SchoolListPages: Sendable {
    let commands: Representatives
    let queries: SchoolQueries
    let pages: Pages
    let live: LiveState
    let publicBaseURL: String
    let sms: InvitationSMS

    private static let home = "/parent/school"

    func declare(_ routes: Routes) {
        routes.get("/school/import", .action(.manageParents), use: importForm)
        routes.post(
            "/school/import", .action(.manageParents), options: RouteOptions(bodyLimit: 1 << 20), use: importList)
        routes.get("/school/renewal", .action(.manageParents), use: renewalForm)
        routes.post("/school/renewal", .action(.manageParents), use: renew)
        routes.post("/v1/representatives/import", .action(.manageParents), use: importJSON)
        routes.post("/v1/representatives/renewal", .action(.manageParents), use: renewJSON)
    }

    // MARK: a list

    @Sendable func importForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        try renderImport(context, typed: nil, problem: nil)
    }

    @Sendable func importList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let form = try await request.form(context)
        do {
            guard let file = form.files("list").first else {
                throw Problem.invalid("list", code: "missing", zh: "请选择名单文件。", en: "Please choose the file.")
            }
            let invitees = try InviteeList.read(file.bytes, field: "list")
            let invitations = try await commands.invite(
                school: school, invitees, terms: try GrantForm.terms(form), context.eventContext())
            let sends = form.optional("send_sms") != nil
            let sent = sends ? await send(invitations, school) : []
            return try pages.render(
                "invited_list", context,
                PageMeta(
                    title: pages.text("invited.list_title", context),
                    crumbs: [
                        Crumb(pages.text("school.title", context), Self.home),
                        Crumb(pages.text("invited.list_title", context)),
                    ], current: "representatives", isWide: true),
                model: InvitedListModel(
                    rows: invitations.map {
                        InvitedLine(
                            label: $0.label ?? "", number: $0.accountNumber, link: $0.link(publicBaseURL),
                            expires: LocalTime.minute($0.expiresAt),
                            message: sends ? smsState($0, sent, context) : nil)
                    }, sendsSMS: sends, count: String(invitations.count)), status: .created)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try renderImport(context, typed: form, problem: problem)
        }
    }

    private func send(_ invitations: [Invitation], _ school: SchoolID) async -> Set<RepresentativeID> {
        await sms.send(invitations, school: live.canteens(of: school).first?.schoolName ?? "") {
            $0.link(publicBaseURL)
        }
    }

    private func smsState(_ invitation: Invitation, _ sent: Set<RepresentativeID>, _ context: BrightContext) -> String {
        if invitation.mobileNumber == nil { return pages.text("invited.no_number", context) }
        let isSent = sent.contains(invitation.representativeId)
        return pages.text(isSent ? "invited.sms_sent" : "invited.sms_not_sent", context)
    }

    private func renderImport(_ context: BrightContext, typed: FormData?, problem: Problem?) throws -> Response {
        let school = try context.managedSchool()
        let own = problem?.faults.filter { $0.field == "list" }.map { $0.detail[context.language] } ?? []
        let general = problem.flatMap { $0.status == .conflict ? $0.detail[context.language] : nil }
        return try pages.render(
            "import", context,
            PageMeta(
                title: pages.text("import.title", context),
                crumbs: [
                    Crumb(pages.text("school.title", context), Self.home), Crumb(pages.text("import.title", context)),
                ], lead: pages.text("import.lead", context), current: "representatives"),
            model: ImportModel(
                faults: [general].compactMap { $0 } + own.prefix(20), hasMore: own.count > 20,
                sendsSMS: typed?.optional("send_sms") != nil,
                grant: GrantForm(pages: pages, live: live).model(
                    context, school: school, typed: typed, problem: problem)), status: problem?.status ?? .ok)
    }

    struct NewList: Decodable, Sendable {
        struct Person: Decodable, Sendable {
            let label: String
            let mobileNumber: String?
        }
        let representatives: [Person]
        let grant: NewGrant
        /// Sends each link to the person's number as a text message; those without a number get none.
        let sendSms: Bool?
    }

    @Sendable func importJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let wanted = try await request.json(NewList.self, context)
        guard (1...InviteeList.most).contains(wanted.representatives.count) else {
            throw Problem.invalid(
                "representatives", code: "csv_count", zh: "名单应有 1 到 \(InviteeList.most) 人。",
                en: "The list must have 1 to \(InviteeList.most) people.", allowed: "1…\(InviteeList.most)")
        }
        let invitees = try wanted.representatives.map {
            Invitee(
                label: try PersonFields.label($0.label), mobileNumber: try PersonFields.mobileNumber($0.mobileNumber))
        }
        try InviteeList.checkRepetitions(invitees, field: "representatives")
        let invitations = try await commands.invite(
            school: school, invitees, terms: wanted.grant.terms, context.eventContext())
        let sends = wanted.sendSms == true
        let sent = sends ? await send(invitations, school) : []
        return try Response.json(
            invitations.map {
                InvitationAnswer($0, publicBaseURL, smsSent: sends ? sent.contains($0.representativeId) : nil)
            }, status: .created)
    }

    // MARK: a new term

    @Sendable func renewalForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await renderRenewal(request, context, typed: nil, problem: nil)
    }

    @Sendable func renew(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let form = try await request.form(context)
        do {
            let ids = form.all("representatives")
            guard !ids.isEmpty, ids.count <= InviteeList.most, ids.allSatisfy({ WellFormed.isIdentifier($0) }) else {
                throw Problem.invalid(
                    "representatives", code: "missing", zh: "请至少选择一名家长代表。",
                    en: "Please choose at least one representative.")
            }
            var check = form.check()
            let (from, to) = (check.date("valid_from"), check.date("valid_to"))
            try check.done()
            try await commands.renew(
                Array(Set(ids)).map { RepresentativeID($0) }, of: school, from: from, to: to, context.eventContext())
            return Response.seeOther(Self.home)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await renderRenewal(request, context, typed: form, problem: problem)
        }
    }

    private func renderRenewal(
        _ request: Request, _ context: BrightContext, typed: FormData?, problem: Problem?
    ) async throws -> Response {
        let school = try context.managedSchool()
        let page = try await queries.representatives(school, PageRequest(size: PageRequest.maximumSize))
        let chosen = typed.map { Set($0.all("representatives")) }
        let options = page.items.filter { $0.account.state != .revoked && $0.account.state != .invited }.map { line in
            FormField.Option(
                value: line.account.representativeId.rawValue,
                label: (line.label ?? line.account.accountNumber) + " · "
                    + pages.text("account_state.\(line.account.state.rawValue)", context) + " · "
                    + LocalTime.lastDay(line.account.expiresAt),
                isSelected: chosen.map { $0.contains(line.account.representativeId.rawValue) } ?? true)
        }
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let today = LocalDate(context.now)
        let next = live.school(school).calendar.terms.filter { $0.endsOn > today }.min { $0.startsOn < $1.startsOn }
        return try pages.render(
            "renewal", context,
            PageMeta(
                title: pages.text("renewal.title", context),
                crumbs: [
                    Crumb(pages.text("school.title", context), Self.home), Crumb(pages.text("renewal.title", context)),
                ], lead: pages.text("renewal.lead", context), current: "representatives"),
            model: RenewalModel(
                conflict: problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil },
                people: FormField(
                    "representatives", label: pages.text("renewal.people", context), kind: .checkbox,
                    fault: fault("representatives"), options: options), hasPeople: !options.isEmpty,
                dates: [
                    FormField(
                        "valid_from", label: pages.text("grant.valid_from", context),
                        value: typed?.optional("valid_from") ?? max(next?.startsOn ?? today, today).iso, type: "date",
                        fault: fault("valid_from")),
                    FormField(
                        "valid_to", label: pages.text("grant.valid_to", context),
                        value: typed?.optional("valid_to") ?? next?.endsOn.iso
                            ?? GrantForm.endOfSchoolYear(after: today).iso, type: "date", fault: fault("valid_to")),
                ]), status: problem?.status ?? .ok)
    }

    struct Renewal: Decodable, Sendable {
        let representativeIds: [RepresentativeID]
        let validFrom: LocalDate
        let validTo: LocalDate
    }

    @Sendable func renewJSON(_ request: Request, _ context: BrightContext) async throws -> Response {
        let school = try context.managedSchool()
        let wanted = try await request.json(Renewal.self, context)
        guard (1...InviteeList.most).contains(wanted.representativeIds.count) else {
            throw Problem.invalid(
                "representative_ids", code: "missing", zh: "请至少选择一名家长代表。",
                en: "Please choose at least one representative.", allowed: "1…\(InviteeList.most)")
        }
        try await commands.renew(
            Array(Set(wanted.representativeIds)), of: school, from: wanted.validFrom, to: wanted.validTo,
            context.eventContext())
        return Response.noContent()
    }
}

struct ImportModel: Sendable {
    let faults: [String]
    let hasMore: Bool
    let sendsSMS: Bool
    let grant: GrantFormModel
}

struct InvitedLine: Sendable {
    let label: String
    let number: String
    let link: String
    let expires: String
    /// What became of the text message; nil when none was asked for.
    let message: String?
}

struct InvitedListModel: Sendable {
    let rows: [InvitedLine]
    let sendsSMS: Bool
    let count: String
}

struct RenewalModel: Sendable {
    let conflict: String?
    let people: FormField
    let hasPeople: Bool
    let dates: [FormField]
}
