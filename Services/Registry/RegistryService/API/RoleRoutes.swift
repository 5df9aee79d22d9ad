import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// Appointments: the security administrator proposes, a second one approves; ending rights takes one.
struct RoleRoutes: Sendable {
    let runtime: ServiceRuntime
    let signIn: SignIn
    let approvals: Approvals
    private let list: RoleList

    init(runtime: ServiceRuntime, signIn: SignIn, approvals: Approvals) {
        self.runtime = runtime
        self.signIn = signIn
        self.approvals = approvals
        list = RoleList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/roles", .read(.grantRoles), use: showList)
        routes.get("/roles/{id}", .read(.grantRoles)) { request, context in try await show(request, context) }
        routes.post("/roles/{id}/proposals", .action(.grantRoles), use: proposeByForm)
        routes.post("/v1/accounts/{id}/role-proposals", .action(.grantRoles), use: proposeByDocument)
        routes.post("/roles/{id}/end", .action(.grantRoles), use: end)
        routes.post("/roles/{id}/sessions/end", .action(.grantRoles), use: endSessions)
        routes.post("/roles/{id}/second-factor/reset", .action(.grantRoles), use: resetSecondFactor)
    }

    private var pages: Pages { runtime.pages }

    private struct Row {
        let login: String
        let role: String
        let place: String
        let days: String
        let path: String
    }

    private struct ListModel {
        let rows: [Row]
        let search: String
        let pager: Pager
    }

    @Sendable private func showList(_ request: Request, _ context: BrightContext) async throws -> Response {
        let search = try request.query("q").map { String($0.prefix(100)) }
        let page = try await list.page(try PageRequest(request), search: search)
        let rows = page.items.map { item in
            Row(
                login: item.login ?? "—", role: pages.label(item.appointment.role, context), place: item.place ?? "—",
                days: days(item.appointment), path: "/registry/roles/\(item.appointment.personId)")
        }
        let path = "/registry/roles" + (search.map { "?q=" + PercentEncoding.queryValue($0) } ?? "")
        return try pages.render(
            "roles", context,
            PageMeta(
                title: pages.text("roles.title", context), lead: pages.text("roles.lead", context), current: "roles",
                isWide: true), model: ListModel(rows: rows, search: search ?? "", pager: page.pager(path: path)))
    }

    private func days(_ appointment: Appointment) -> String {
        appointment.validFrom.iso + " – " + (appointment.validTo?.iso ?? "")
    }

    private struct Model {
        let login: String
        let role: String
        let place: String
        let days: String
        let isInForce: Bool
        let isEnrolled: Bool
        let sessions: String
        let mayAct: Bool
        let hasFaults: Bool
        let faults: [FaultRow]
        let fields: [FormField]
        let reasonFields: [FormField]
        let action: String
    }

    private struct FaultRow {
        let field: String
        let detail: String
    }

    private func item(_ context: BrightContext) async throws -> RoleList.Item {
        guard let item = try await list.find(try context.id("id")) else { throw Problem.notFound }
        return item
    }

    private func show(
        _ request: Request, _ context: BrightContext, form: FormData? = nil, problem: Problem? = nil
    ) async throws -> Response {
        let item = try await item(context)
        let appointment = item.appointment
        let model = Model(
            login: item.login ?? "—", role: pages.label(appointment.role, context), place: item.place ?? "—",
            days: days(appointment), isInForce: appointment.isInForce(on: LocalDate(context.now)),
            isEnrolled: item.isEnrolled,
            sessions: String(try await SessionStore.list(appointment.personId, runtime.pool).count),
            mayAct: context.may(.grantRoles), hasFaults: problem != nil,
            faults: problem.map { problem in
                problem.faults.isEmpty
                    ? [FaultRow(field: "role", detail: problem.detail[context.language])]
                    : problem.faults.map { FaultRow(field: $0.field, detail: $0.detail[context.language]) }
            } ?? [], fields: fields(appointment, form, problem, context),
            reasonFields: [
                FormField("reason", label: pages.text("roles.reason", context), maximum: 200)
            ], action: "/registry/roles/\(appointment.personId)")
        return try pages.render(
            "role", context,
            PageMeta(
                title: item.login ?? appointment.personId.rawValue,
                crumbs: [Crumb(pages.text("roles.title", context), "/registry/roles")], current: "roles"),
            model: model, status: problem?.status ?? .ok)
    }

    private func fields(
        _ appointment: Appointment, _ form: FormData?, _ problem: Problem?, _ context: BrightContext
    ) -> [FormField] {
        func fault(_ name: String) -> String? {
            problem?.faults.first { $0.field == name }?.detail[context.language]
        }
        let chosen = form?.optional("role") ?? appointment.role.rawValue
        let roles = Role.allCases.filter { $0 != .parentRepresentative }.map {
            FormField.Option(value: $0.rawValue, label: pages.label($0, context), isSelected: $0.rawValue == chosen)
        }
        let today = LocalDate(context.now).iso
        return [
            FormField(
                "role", label: pages.text("accounts.role", context), kind: .select, fault: fault("role"),
                options: roles),
            FormField(
                "place", label: pages.text("accounts.place", context), value: form?.optional("place") ?? "",
                hint: pages.text("roles.place_hint", context), fault: fault("place"), isOptional: true, maximum: 100),
            FormField(
                "valid_from", label: pages.text("roles.valid_from", context),
                value: form?.optional("valid_from") ?? today, type: "date", fault: fault("valid_from")),
            FormField(
                "valid_to", label: pages.text("roles.valid_to", context), value: form?.optional("valid_to") ?? "",
                type: "date", fault: fault("valid_to"), isOptional: true),
            FormField(
                "reason", label: pages.text("roles.reason", context), value: form?.optional("reason") ?? "",
                fault: fault("reason"), maximum: 200),
        ]
    }

    private struct Command: Decodable {
        let role: Role
        /// Full name of the organ, or name or credit code of the institution.
        let place: String?
        let validFrom: LocalDate
        let validTo: LocalDate?
        let reason: String
    }

    @Sendable private func proposeByForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            var check = form.check()
            let role: Role? = check.choice("role")
            let from = check.date("valid_from")
            let to = form.optional("valid_to") == nil ? nil : check.date("valid_to")
            let reason = check.text("reason", maximum: 200, screened: true)
            try check.done()
            guard let role else { throw Problem(faults: check.faults) }
            _ = try await propose(
                Command(role: role, place: form.optional("place"), validFrom: from, validTo: to, reason: reason),
                context)
            return .seeOther(approvals.path)
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await show(request, context, form: form, problem: problem)
        }
    }

    private struct Proposed: Encodable {
        let approvalId: String
        let contentSha256: String
        let expiresAt: Instant
    }

    @Sendable private func proposeByDocument(_ request: Request, _ context: BrightContext) async throws -> Response {
        let command = try await request.json(Command.self, context)
        var check = FormData(values: [("reason", command.reason)]).check()
        _ = check.text("reason", maximum: 200, screened: true)
        try check.done()
        let approval = try await propose(command, context)
        return try .json(
            Proposed(
                approvalId: approval.id, contentSha256: approval.contentSHA256, expiresAt: approval.expiresAt),
            status: .created)
    }

    private func propose(_ command: Command, _ context: BrightContext) async throws -> Approval {
        let item = try await item(context)
        guard command.validTo.map({ $0 >= command.validFrom }) ?? true else {
            throw Problem.invalid(
                "valid_to", code: "date_order", zh: "离任日期不早于任职日期。",
                en: "The last day is not before the first.", allowed: "≥ \(command.validFrom.iso)")
        }
        return try await runtime.pool.transaction { transaction in
            let place = try await RolePlace.find(command.place, for: command.role, transaction)
            let change = RoleChange(
                personId: item.appointment.personId, role: command.role, organId: place.organ?.id,
                schoolId: place.school?.id, place: place.organ?.name ?? place.school?.name,
                validFrom: command.validFrom, validTo: command.validTo)
            try await IdentityApprovals.check(
                change, item.appointment, signIn.keys, on: LocalDate(context.now), transaction)
            return try await approvals.propose(
                IdentityApprovals.roleChange, subject: change.personId.rawValue, content: change,
                reason: command.reason, context, in: transaction)
        }
    }

    /// Ends the appointment now. One person may do it: rights are taken fast and given slowly.
    @Sendable private func end(_ request: Request, _ context: BrightContext) async throws -> Response {
        let item = try await item(context)
        let form = try await request.form(context)
        var check = form.check()
        let reason = check.text("reason", maximum: 200, screened: true)
        try check.done()
        let today = LocalDate(context.now)
        guard item.appointment.isInForce(on: today) else {
            throw Problem.conflict(code: "not_in_force", zh: "该任职已结束。", en: "This appointment has ended already.")
        }
        var ended = item.appointment
        ended.validTo = today.adding(days: -1)
        let appointment = ended
        try await runtime.pool.transaction { transaction in
            try await AccountStore.save(appointment, transaction)
            try await transaction.publish(
                appointment.dismissed(on: today), try context.eventContext(), occurredAt: context.now)
            try await AppointmentEnds.isAnnounced(appointment.personId, transaction)
            try await transaction.record(
                SignIn.type("dismissed"), subject: appointment.personId.rawValue, data: ["reason": reason],
                try context.eventContext(), occurredAt: context.now)
            try await IdentityApprovals.endEverything(
                of: appointment.personId, signIn, now: context.now, transaction)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/roles/\(appointment.personId)")
    }

    @Sendable private func endSessions(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try await item(context).appointment.personId
        try await runtime.pool.transaction { transaction in
            try await IdentityApprovals.endEverything(of: person, signIn, now: context.now, transaction)
            try await transaction.record(
                SignIn.type("sessions-ended"), subject: person.rawValue, data: SignIn.Fact(role: nil, method: nil),
                try context.eventContext(), occurredAt: context.now)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/roles/\(person)")
    }

    /// For a lost telephone without recovery codes: passkeys, codes and sessions go; the next sign-in sets up anew.
    @Sendable private func resetSecondFactor(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try await item(context).appointment.personId
        guard person != (try context.requirePrincipal().personId) else {
            throw Problem.conflict(
                code: "same_person", zh: "不能重置自己的双因素，请使用恢复码或请另一名安全管理员操作。",
                en: "Nobody resets their own second factor: use a recovery code or ask the other administrator.")
        }
        try await runtime.pool.transaction { transaction in
            try await SecondFactorStore.remove(of: person, transaction)
            try await PasskeyStore.removeAll(of: person, transaction)
            try await IdentityApprovals.endEverything(of: person, signIn, now: context.now, transaction)
            try await transaction.record(
                SignIn.type("second-factor-reset"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: "otp"), try context.eventContext(), occurredAt: context.now)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/roles/\(person)")
    }
}
