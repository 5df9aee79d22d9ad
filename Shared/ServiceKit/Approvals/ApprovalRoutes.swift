import Calendar
import Contracts
import HTTPTypes
import Hummingbird

/// The page of proposals and its JSON twin, mounted by every service that has something to approve.
struct ApprovalRoutes: Sendable {
    let approvals: Approvals

    func declare(_ routes: Routes) {
        routes.get("/approvals", .signedIn, use: show)
        routes.post("/approvals/{id}", .signedIn, use: decideByForm)
        routes.get("/v1/approvals", .signedIn, use: list)
        routes.get("/v1/approvals/{id}", .signedIn, use: document)
        routes.post("/v1/approvals/{id}/decision", .signedIn, use: decideByDocument)
    }

    private var pages: Pages { approvals.runtime.pages }

    private func visibleKinds(_ context: BrightContext) throws -> [ApprovalKind] {
        let kinds = approvals.kinds.filter { $0.isVisible(to: context) }
        guard !kinds.isEmpty else { throw Problem.forbidden }
        return kinds
    }

    private func status(_ request: Request) throws -> ApprovalStatus? {
        guard let text = try request.query("status") else { return nil }
        guard let status = ApprovalStatus(rawValue: text) else {
            throw Problem.invalid(
                "status", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: ApprovalStatus.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return status
    }

    private func page(_ request: Request, _ context: BrightContext) async throws -> PageOf<Approval> {
        let condition = ApprovalScope.condition(try visibleKinds(context), try context.requirePrincipal())
        return try await ApprovalStore.page(
            try PageRequest(request), status: try status(request), where: condition, approvals.runtime.pool)
    }

    private struct Row {
        let id: String
        let title: String
        let status: String
        let tone: String
        let facts: [ApprovalFact]
        let reason: String
        let proposedBy: String
        let proposedAt: String
        let expiresAt: String
        let decidedBy: String?
        let decidedAt: String?
        let note: String?
        let digest: String
        let canDecide: Bool
        let canWithdraw: Bool
        let waitsForOther: Bool
        let action: String
    }

    private struct Model {
        let rows: [Row]
        let filters: [FormField.Option]
        let pager: Pager
        let text: String
        let path: String
    }

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let chosen = try status(request)
        let page = try await page(request, context)
        let rows = try page.items.compactMap { try row($0, context) }
        let filters = ApprovalStatus.allCases.map {
            FormField.Option(value: $0.rawValue, label: pages.label($0, context), isSelected: $0 == chosen)
        }
        let path = approvals.path + (chosen.map { "?status=\($0.rawValue)" } ?? "")
        return try pages.render(
            "bright/approvals", context,
            PageMeta(
                title: pages.text("approvals.title", context), lead: pages.text("approvals.lead", context),
                current: "approvals"),
            model: Model(
                rows: rows, filters: filters, pager: page.pager(path: path),
                text: pages.text("approvals.none", context), path: approvals.path))
    }

    private func row(_ approval: Approval, _ context: BrightContext) throws -> Row? {
        guard let kind = approvals.kinds.first(where: { $0.name == approval.kind }) else { return nil }
        let isOpen = approval.status == .proposed && context.now < approval.expiresAt
        let isProposer = approval.proposedBy == context.principal?.personId
        let shown = approval.status == .proposed && !isOpen ? ApprovalStatus.expired : approval.status
        return Row(
            id: approval.id, title: kind.title[context.language], status: pages.label(shown, context),
            tone: Self.tone(shown), facts: try kind.facts(approval, context), reason: approval.reason,
            proposedBy: approval.proposedBy.rawValue, proposedAt: approval.proposedAt.cityMinute,
            expiresAt: approval.expiresAt.cityMinute, decidedBy: approval.decidedBy?.rawValue,
            decidedAt: approval.decidedAt?.cityMinute, note: approval.note, digest: approval.contentSHA256,
            canDecide: approvals.canDecide(approval, kind, context), canWithdraw: isOpen && isProposer,
            waitsForOther: isOpen && isProposer, action: "\(approvals.path)/\(approval.id)")
    }

    private static func tone(_ status: ApprovalStatus) -> String {
        switch status {
        case .proposed: "pill--warn"
        case .approved: "pill--ok"
        case .refused: "pill--error"
        case .expired, .withdrawn: ""
        }
    }

    @Sendable private func decideByForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try approvalId(context)
        let form = try await request.form(context)
        var check = form.check()
        let decision: ApprovalDecision? = check.choice("decision")
        let digest = check.text("content_sha256", maximum: 64)
        let note = check.optionalText("note", maximum: 500, screened: true)
        if decision == .refuse, note == nil { check.fail(FormCheck.missing("note")) }
        try check.done()
        guard let decision else { throw Problem(faults: check.faults) }
        _ = try await approvals.decide(id, decision, digest: digest, note: note, context)
        return .seeOther(approvals.path)
    }

    struct Document: Encodable {
        let approvalId: String
        let kind: String
        let title: String
        let subject: String
        let facts: [ApprovalFact]
        let contentSha256: String
        let reason: String
        let status: ApprovalStatus
        let proposedBy: PersonID
        let proposedAt: Instant
        let expiresAt: Instant
        let decidedBy: PersonID?
        let decidedAt: Instant?
        let note: String?
    }

    private func document(of approval: Approval, _ context: BrightContext) throws -> Document {
        guard let kind = approvals.kinds.first(where: { $0.name == approval.kind }) else { throw Problem.notFound }
        return Document(
            approvalId: approval.id, kind: approval.kind, title: kind.title[context.language],
            subject: approval.subject, facts: try kind.facts(approval, context),
            contentSha256: approval.contentSHA256, reason: approval.reason, status: approval.status,
            proposedBy: approval.proposedBy, proposedAt: approval.proposedAt, expiresAt: approval.expiresAt,
            decidedBy: approval.decidedBy, decidedAt: approval.decidedAt, note: approval.note)
    }

    @Sendable private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await page(request, context)
        let documents = try page.items.map { try document(of: $0, context) }
        return try .json(PageOf(documents, of: try PageRequest(request), total: page.total))
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try approvalId(context)
        guard let approval = try await ApprovalStore.find(id, approvals.runtime.pool),
            let kind = try visibleKinds(context).first(where: { $0.name == approval.kind }),
            approval.proposedBy == context.principal?.personId
                || context.may(kind.approving, on: approval.resource, intent: .read)
                || context.may(kind.proposing, on: approval.resource, intent: .read)
        else { throw Problem.notFound }
        return try .json(try document(of: approval, context))
    }

    private struct Command: Decodable {
        let decision: ApprovalDecision
        let contentSha256: String
        let note: String?
    }

    @Sendable private func decideByDocument(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try approvalId(context)
        let command = try await request.json(Command.self, context)
        let note = command.note?.trimmed
        if let note, let fault = Self.fault(in: note) { throw Problem(faults: [fault]) }
        if command.decision == .refuse, (note ?? "").isEmpty { throw Problem(faults: [FormCheck.missing("note")]) }
        let approval = try await approvals.decide(
            id, command.decision, digest: command.contentSha256, note: note, context)
        return try .json(try document(of: approval, context))
    }

    private static func fault(in note: String) -> FieldFault? {
        guard note.count <= 500 else {
            return FieldFault(
                field: "note", code: "too_long",
                detail: LocalizedText(zh: "最多 500 个字。", en: "At most 500 characters."), allowed: "≤ 500")
        }
        return PersonalDataScreen.fault(field: "note", text: note)
    }

    private func approvalId(_ context: BrightContext) throws -> String {
        guard let id = context.parameters.get("id"), WellFormed.isIdentifier(id) else { throw Problem.notFound }
        return id
    }
}
