import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What officers do with bulletins by hand: draft, issue, receipt, answer, urge, close. Every change in one transaction.
struct BulletinCommands: Sendable {
    let runtime: ServiceRuntime
    let issue: BulletinIssue

    var life: BulletinLife { BulletinLife(webhooks: issue.webhooks) }
    var check: BulletinDraftCheck { BulletinDraftCheck(policy: runtime.policy) }

    /// The officer's own organ; 403 where there is none, or the registry has not told of it yet.
    func organ(_ context: BrightContext, _ executor: some PostgresExecutor) async throws -> Organ {
        guard let id = try context.requirePrincipal().organId else { throw Problem.forbidden }
        guard let organ = try await RegistryStore.organ(id, executor) else {
            throw Problem.conflict(
                code: "organ_unknown", zh: "本单位的登记信息尚未到达，请稍后再试。",
                en: "The registry has not told of your organ yet. Please try again later.")
        }
        return organ
    }

    private func found(
        _ id: BulletinID, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws -> Bulletin {
        let principal = try context.requirePrincipal()
        let bulletin = try await BulletinStore.bulletin(id, visibleTo: principal, locked: true, transaction)
        guard let bulletin else { throw Problem.notFound }
        return bulletin
    }

    // MARK: drafts

    func create(_ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction) async throws
        -> BulletinID
    {
        let issuer = try await organ(context, transaction)
        try context.authorise(.issueBulletin, on: Resource(organId: issuer.id))
        let draft = try await check.draft(form, issuer: issuer, context, transaction)
        let id = BulletinID.new()
        try await save(draft, as: id, of: issuer, isNew: true, context, transaction)
        if let original = draft.corrects {
            try await BulletinAttachments.copy(
                from: original.bulletinId, to: id, by: try context.requirePrincipal().personId, at: context.now,
                transaction)
        }
        try await record("drafted", id, context, transaction)
        return id
    }

    func change(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let issuer = try await organ(context, transaction)
        let bulletin = try await ownDraft(id, form, context, transaction)
        let draft = try await check.draft(form, issuer: issuer, context, transaction)
        try await save(draft, as: bulletin.bulletinId, of: issuer, isNew: false, context, transaction)
        try await record("redrafted", id, context, transaction)
    }

    func discard(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let bulletin = try await ownDraft(id, form, context, transaction)
        _ = try await BulletinAttachments.release(bulletin.bulletinId, nil, at: context.now, transaction)
        try await transaction.execute("DELETE FROM bulletin WHERE bulletin_id = \(bulletin.bulletinId)")
        try await record("discarded", id, context, transaction)
    }

    private func save(
        _ draft: BulletinDraft, as id: BulletinID, of issuer: Organ, isNew: Bool, _ context: BrightContext,
        _ transaction: PostgresTransaction
    ) async throws {
        if let original = draft.corrects {
            let other = try await transaction.first(
                "SELECT bulletin_id FROM bulletin WHERE corrects_id = \(original.bulletinId) AND bulletin_id <> \(id)"
            ) { row -> BulletinID in try row["bulletin_id"] }
            guard other == nil else {
                throw Problem.conflict(
                    code: "correction_exists", zh: "该通报已有更正稿。", en: "A correction of this bulletin was begun already.")
            }
        }
        try await draft.save(
            as: id, of: issuer, by: try context.requirePrincipal().personId, isNew: isNew, at: context.now,
            transaction)
    }

    /// Whoever saw the draft before has not seen this: it is another version.
    func attachmentsChanged(
        _ fact: String, _ id: BulletinID, _ sha256: String, _ context: BrightContext,
        _ transaction: PostgresTransaction
    ) async throws {
        struct Step: Encodable {
            let bulletinId: BulletinID
            let sha256: String
        }
        try await transaction.execute("UPDATE bulletin SET version = version + 1 WHERE bulletin_id = \(id)")
        try await transaction.record(
            "brightkitchen.notification.bulletin.\(fact).v1", subject: id.rawValue,
            data: Step(bulletinId: id, sha256: sha256), try context.eventContext(), occurredAt: context.now)
    }

    /// A draft of one's own organ, as the caller saw it: 409 when somebody changed it meanwhile.
    func ownDraft(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws -> Bulletin {
        let bulletin = try await found(id, context, transaction)
        try authoriseIssuer(bulletin, context)
        guard bulletin.state == .draft else {
            throw Problem.conflict(
                code: "not_a_draft", zh: "已签发的通报不能修改，只能用更正通报更正。",
                en: "An issued bulletin is never changed. Correct it by a correcting bulletin.")
        }
        if let seen = form.optional("version"), seen != String(bulletin.version) {
            throw Problem.conflict(
                code: "changed_meanwhile", zh: "草稿已被他人修改，请刷新后再操作。",
                en: "Somebody changed the draft meanwhile. Please reload it.")
        }
        return bulletin
    }

    private func authoriseIssuer(_ bulletin: Bulletin, _ context: BrightContext) throws {
        let principal = try context.requirePrincipal()
        guard let organ = bulletin.issuingOrganId, organ == principal.organId else { throw Problem.notFound }
        try context.authorise(.issueBulletin, on: Resource(organId: organ))
    }

    // MARK: issue

    func issue(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let issuer = try await organ(context, transaction)
        let bulletin = try await ownDraft(id, form, context, transaction)
        // Canteens and organs may have moved since it was written: checked again.
        let draft = try await check.draft(Self.form(of: bulletin), issuer: issuer, context, transaction)
        let rules = try await BulletinRuleStore.current(transaction)
        var terms = rules.content.terms
        terms.answerDays = draft.answerDays
        let person = try context.requirePrincipal().personId
        let document = BulletinDocument(
            bulletinId: id, issuer: issuer, mains: draft.mains, copies: draft.copies, cause: .manual,
            title: draft.title, urgency: draft.urgency, facts: draft.facts, requirement: draft.requirement,
            canteens: draft.canteens, problems: draft.problems.map(\.problemId), evidence: draft.evidence,
            attachments: bulletin.attachments ?? [], terms: terms, correctsId: draft.corrects?.bulletinId,
            correctsNumber: draft.corrects?.number,
            issuedBy: person)
        let number = try await issue.perform(document, try context.eventContext(), transaction)
        guard let original = draft.corrects else { return }
        try await transaction.execute(
            "UPDATE bulletin SET corrected_by_id = \(id) WHERE bulletin_id = \(original.bulletinId)")
        guard original.state != .closed else { return }
        try await life.close(
            original.bulletinId, by: person, note: nil, outcome: "corrected", correctedBy: number,
            try context.eventContext(), now: context.now, transaction)
    }

    /// A stored bulletin as the form that would make it; also the start of a correction.
    static func form(of bulletin: Bulletin) -> FormData {
        let isDraft = bulletin.state == .draft
        var values: [(name: String, value: String)] = [
            (name: "cause", value: bulletin.title ?? ""), (name: "facts", value: bulletin.facts ?? ""),
            (name: "requirement", value: bulletin.requirement ?? ""),
            (name: "urgency", value: bulletin.urgency.rawValue),
        ]
        if let days = bulletin.answerDays { values.append((name: "answer_days", value: String(days))) }
        for canteen in bulletin.canteens ?? [] { values.append((name: "canteen", value: canteen.canteenId.rawValue)) }
        for problem in bulletin.problems ?? [] { values.append((name: "problem", value: problem.problemId.rawValue)) }
        for recipient in bulletin.recipients ?? [] where recipient.role != .superior {
            let name = recipient.role == .main ? "receiver" : "copy"
            values.append((name: name, value: recipient.organId.rawValue))
        }
        if isDraft {
            values.append((name: "version", value: String(bulletin.version)))
            if let corrects = bulletin.correctsId { values.append((name: "corrects", value: corrects.rawValue)) }
        } else {
            values.append((name: "corrects", value: bulletin.bulletinId.rawValue))
        }
        return FormData(values: values)
    }

    // MARK: receivers

    func receipt(_ id: BulletinID, _ context: BrightContext, _ transaction: PostgresTransaction) async throws {
        let bulletin = try await found(id, context, transaction)
        let own = try receiver(of: bulletin, context)
        try await life.receipt(
            id, of: own.organId, by: try context.requirePrincipal().personId, try context.eventContext(),
            now: context.now, transaction)
    }

    func answer(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let bulletin = try await found(id, context, transaction)
        let own = try receiver(of: bulletin, context)
        var check = form.check()
        let text = check.text("answer", maximum: 2000, screened: true)
        try check.done()
        let done = try await life.answer(
            id, of: own.organId, text, by: try context.requirePrincipal().personId, try context.eventContext(),
            now: context.now, transaction)
        guard done else {
            throw Problem.conflict(code: "answered_already", zh: "本单位已答复。", en: "Your organ has answered already.")
        }
    }

    /// The caller's organ as a main receiver of an open bulletin.
    private func receiver(of bulletin: Bulletin, _ context: BrightContext) throws -> BulletinRecipient {
        guard let own = bulletin.own, own.role == .main else {
            throw Problem.conflict(
                code: "not_a_receiver", zh: "只有主送单位签收和答复。", en: "Only a receiver (主送) gives a receipt and answers.")
        }
        try context.authorise(.answerBulletins, on: Resource(organId: own.organId))
        guard bulletin.state != .closed else {
            throw Problem.conflict(code: "bulletin_closed", zh: "该通报已办结。", en: "This bulletin is closed.")
        }
        return own
    }

    // MARK: urge and close

    /// The issuer, or the city, urges the receivers; a receiver urges the schools. Returns how many were urged.
    func urge(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws -> Int {
        let bulletin = try await found(id, context, transaction)
        let principal = try context.requirePrincipal()
        guard let organ = principal.organId else { throw Problem.forbidden }
        var check = form.check()
        let note = check.optionalText("note", maximum: 300, screened: true)
        try check.done()
        guard bulletin.number != nil, bulletin.state != .closed else {
            throw Problem.conflict(
                code: "nothing_to_urge", zh: "该通报未签发或已办结。", en: "This bulletin is not issued, or is closed.")
        }
        let urging = BulletinUrging(clock: runtime.clock, webhooks: issue.webhooks)
        if organ != bulletin.issuingOrganId, bulletin.own?.role == .main {
            return try await urging.urgeSchools(
                bulletin, by: organ, note: note, try context.eventContext(), transaction)
        }
        guard organ == bulletin.issuingOrganId || principal.role == .cityRegulator else { throw Problem.forbidden }
        let count = try await urging.urge(bulletin, by: organ, note: note, try context.eventContext(), transaction)
        guard count > 0 else {
            throw Problem.conflict(
                code: "nothing_to_urge", zh: "各主送单位均已答复。", en: "Every receiver has answered already.")
        }
        return count
    }

    /// Closed by its issuer, when everybody answered and nothing that it is about is open any more.
    func close(
        _ id: BulletinID, _ form: FormData, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        let bulletin = try await found(id, context, transaction)
        try authoriseIssuer(bulletin, context)
        var check = form.check()
        let note = check.optionalText("note", maximum: 500, screened: true)
        try check.done()
        guard bulletin.state == .answered else {
            throw bulletin.state == .closed
                ? Problem.conflict(code: "bulletin_closed", zh: "该通报已办结。", en: "This bulletin is closed.")
                : Problem.conflict(
                    code: "not_answered", zh: "还有主送单位没有答复，不能办结。", en: "Not every receiver has answered yet.")
        }
        let open = (bulletin.problems ?? []).filter(\.isOpen)
        guard open.isEmpty else {
            let ids = open.map(\.problemId.rawValue).joined(separator: ", ")
            throw Problem.conflict(
                code: "problems_open", zh: "还有 \(open.count) 个问题没有办结：\(ids)。",
                en: "\(open.count) problems are still open: \(ids).")
        }
        if bulletin.cause == .notConnected, try await isUnconnected(bulletin.canteenId, transaction) {
            throw Problem.conflict(
                code: "not_connected_yet", zh: "食堂尚未完成平台接入，不能办结。", en: "The canteen is not connected yet.")
        }
        try await life.close(
            id, by: try context.requirePrincipal().personId, note: note, outcome: "answered", correctedBy: nil,
            try context.eventContext(), now: context.now, transaction)
    }

    private func isUnconnected(_ canteen: CanteenID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.first(
            """
            SELECT count(*) AS n FROM inbox_item WHERE matter = \("access:\(canteen)") AND is_open
                AND latest_kind = 'access_overdue'
            """
        ) { row -> Int in try row["n"] } ?? 0 > 0
    }

    private func record(
        _ fact: String, _ id: BulletinID, _ context: BrightContext, _ transaction: PostgresTransaction
    ) async throws {
        struct Step: Encodable { let bulletinId: BulletinID }
        try await transaction.record(
            "brightkitchen.notification.bulletin.\(fact).v1", subject: id.rawValue, data: Step(bulletinId: id),
            try context.eventContext(), occurredAt: context.now)
    }
}
