import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Numbers a bulletin and sends it to everybody it is for: one number, one event for each receiving organ.
struct BulletinIssue: Sendable {
    let clock: any WallClock
    let webhooks: WebhookOutbox

    @discardableResult
    func perform(
        _ document: BulletinDocument, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws -> String {
        let now = clock.now()
        guard let canteen = document.canteens.first, let main = document.mains.first else {
            throw PostgresError(code: PostgresError.decoding, message: "a bulletin without canteen or receiver")
        }
        let deadlines = try BulletinDeadlines(
            from: now, receiptDays: document.terms.receiptDays, answerDays: document.terms.answerDays,
            escalationDays: document.terms.escalationDays, calendar: try await HolidayStore.calendar(transaction))
        // The counter's row is locked from here to the commit: nothing but writes follows.
        let number = try await BulletinQueue.nextNumber(issuer: document.issuer, at: now, transaction)
        try await save(document, canteen, main, number: number, deadlines, now, transaction)
        try await BulletinContents.replace(
            document.bulletinId, canteens: document.canteens.map(\.id), problems: document.problems, transaction)
        try await BulletinRecipients.remove(document.bulletinId, transaction)
        let receivers =
            document.mains.map { Receiver(organ: $0, role: .main) }
            + document.copies.map { Receiver(organ: $0, role: .copy) }
        // In one order everywhere, so that two bulletins never wait for each other's streams.
        for receiver in receivers.sorted(by: { $0.organ.id.rawValue < $1.organ.id.rawValue }) {
            try await BulletinRecipients.insert(
                document.bulletinId, receiver.organ, receiver.role, deadlines, transaction)
            try await send(
                document, canteen, to: receiver, number: number, deadlines, context, now, transaction)
        }
        return number
    }

    private struct Receiver: Sendable {
        let organ: Organ
        let role: BulletinRole
    }

    private func send(
        _ document: BulletinDocument, _ canteen: Canteen, to receiver: Receiver, number: String,
        _ deadlines: BulletinDeadlines, _ context: EventContext, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let isMain = receiver.role == .main
        let bulletin = BulletinIssued(
            bulletinId: document.bulletinId, number: number, issuingOrganId: document.issuer.id,
            issuingOrganName: document.issuer.name, receivingOrganId: receiver.organ.id,
            receivingOrganName: receiver.organ.name, department: receiver.organ.department, cause: document.cause,
            canteenId: canteen.id, canteenName: canteen.name, schoolId: canteen.schoolId,
            schoolName: canteen.schoolName, schoolType: canteen.schoolType, divisionCode: canteen.divisionCode,
            cityDirect: canteen.cityDirect, problemId: document.finding?.problemId ?? document.problems.first,
            zone: document.finding?.zone, itemCode: document.finding?.itemCode, itemText: document.finding?.itemText,
            severity: document.finding?.severity, facts: document.facts, evidence: document.evidence,
            requirement: document.requirement, dueAt: document.dueAt ?? deadlines.answerBy, issuedAt: now,
            title: document.title, role: receiver.role, urgency: document.urgency,
            canteens: document.canteens.map(BulletinCanteen.init), problemIds: document.problems,
            receiptBy: isMain ? deadlines.receiptBy : nil, answerBy: isMain ? deadlines.answerBy : nil,
            deadlinesProvisional: deadlines.isProvisional, trigger: document.trigger?.rawValue, rule: document.rule,
            correctsNumber: document.correctsNumber, attachments: attachments(of: document))
        let eventId = try await transaction.publish(bulletin, context, occurredAt: now)
        try await BulletinRecipients.sent(
            document.bulletinId, to: receiver.organ.id, event: eventId.rawValue, transaction)
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: .bulletinReceived, eventId: eventId.rawValue, canteenId: canteen.id, occurredAt: now,
                isOpen: isMain, dueAt: isMain ? deadlines.receiptBy : nil),
            about: .bulletin(document.bulletinId), to: .organ(receiver.organ.id), context, now: now, transaction)
        try await webhooks.offer(bulletin, id: eventId, context, now: now, transaction)
    }

    /// In the message a link is whole, so that it can be followed from anywhere.
    private func attachments(of document: BulletinDocument) -> [BulletinAttachment]? {
        guard !document.attachments.isEmpty else { return nil }
        return document.attachments.map { attachment in
            var linked = attachment
            linked.href = webhooks.publicBaseURL + attachment.href
            return linked
        }
    }

    private func save(
        _ document: BulletinDocument, _ canteen: Canteen, _ main: Organ, number: String,
        _ deadlines: BulletinDeadlines, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let finding = document.finding
        try await transaction.execute(
            """
            UPDATE bulletin SET
                state = 'issued', waiting_for = NULL, number = \(number), title = \(document.title),
                urgency = \(document.urgency), cause = \(document.cause),
                issuing_organ_id = \(document.issuer.id), issuing_organ_name = \(document.issuer.name),
                receiving_organ_id = \(main.id), receiving_organ_name = \(main.name),
                department = \(main.department), canteen_id = \(canteen.id), canteen_name = \(canteen.name),
                school_id = \(canteen.schoolId), school_name = \(canteen.schoolName),
                school_type = \(canteen.schoolType), division_code = \(canteen.divisionCode),
                city_direct = \(canteen.cityDirect), zone = \(finding?.zone), item_code = \(finding?.itemCode),
                item_text = \(finding?.itemText), severity = \(finding?.severity), facts = \(document.facts),
                evidence = \(json: document.evidence), requirement = \(document.requirement),
                due_at = \(document.dueAt ?? deadlines.answerBy), answer_days = \(document.terms.answerDays),
                is_provisional = \(deadlines.isProvisional), trigger = \(document.trigger),
                rule = \(document.rule), issued_at = \(now), issued_by = \(document.issuedBy)
            WHERE bulletin_id = \(document.bulletinId)
            """)
    }
}
