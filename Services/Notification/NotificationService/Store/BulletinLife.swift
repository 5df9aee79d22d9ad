import Calendar
import Contracts
import Journal
import Postgres

/// What a receiver does with a bulletin: it arrives, is receipted (签收) and answered (答复). Each once, the first counts,
/// each in the journal and on the department's topic.
struct BulletinLife: Sendable {
    let webhooks: WebhookOutbox

    /// It reached the organ: somebody opened it, or its system took it. Nothing when it is not sent to this organ.
    static func delivered(
        _ id: BulletinID, to organ: OrganID, at now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let changed = try await transaction.execute(
            """
            UPDATE bulletin_recipient SET delivered_at = \(now)
            WHERE bulletin_id = \(id) AND organ_id = \(organ) AND delivered_at IS NULL
            """)
        if changed == 1 { try await BulletinRecipients.settle(id, transaction) }
    }

    /// False when this organ has nothing to receipt: not a main receiver, or receipted before.
    @discardableResult
    func receipt(
        _ id: BulletinID, of organ: OrganID, by person: PersonID, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let row = try await transaction.first(
            """
            UPDATE bulletin_recipient SET
                receipted_at = \(now), receipted_by = \(person), delivered_at = coalesce(delivered_at, \(now))
            WHERE bulletin_id = \(id) AND organ_id = \(organ) AND role = 'main' AND receipted_at IS NULL
            RETURNING department, receipt_by, answer_by
            """, Self.party(from:))
        guard let row, let head = try await Self.head(id, transaction) else { return false }
        try await BulletinRecipients.settle(id, transaction)
        // What is left to do is the answer.
        try await transaction.execute(
            """
            UPDATE inbox_item SET due_at = \(row.answerBy), acknowledged_at = coalesce(acknowledged_at, \(now)),
                acknowledged_by = coalesce(acknowledged_by, \(person))
            WHERE bulletin_id = \(id) AND recipient = \(Recipient.organ(organ).key)
            """)
        let event = BulletinReceipted(
            bulletinId: id, number: head.number, issuingOrganId: head.issuer, receivingOrganId: organ,
            department: row.department, receiptedAt: now, late: row.receiptBy.map { now > $0 } ?? false)
        let eventId = try await transaction.publish(event, context, occurredAt: now)
        try await webhooks.offer(
            event, id: eventId, WebhookOutbox.Life(bulletinId: id, canteenId: head.canteen, sender: organ),
            to: [organ, head.issuer], context, now: now, transaction)
        return true
    }

    /// Answers, which is a receipt too. False when this organ is not asked, or has answered before.
    func answer(
        _ id: BulletinID, of organ: OrganID, _ text: String, by person: PersonID, _ context: EventContext,
        now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await receipt(id, of: organ, by: person, context, now: now, transaction)
        let row = try await transaction.first(
            """
            UPDATE bulletin_recipient SET answered_at = \(now), answered_by = \(person), answer = \(text)
            WHERE bulletin_id = \(id) AND organ_id = \(organ) AND role = 'main' AND answered_at IS NULL
            RETURNING department, receipt_by, answer_by
            """, Self.party(from:))
        guard let row, let head = try await Self.head(id, transaction) else { return false }
        try await BulletinRecipients.settle(id, transaction)
        try await Self.settleInbox(id, of: organ, transaction)
        let event = BulletinAnswered(
            bulletinId: id, number: head.number, issuingOrganId: head.issuer, receivingOrganId: organ,
            department: row.department, answer: text, answeredAt: now, late: row.answerBy.map { now > $0 } ?? false)
        let eventId = try await transaction.publish(event, context, occurredAt: now)
        try await webhooks.offer(
            event, id: eventId, WebhookOutbox.Life(bulletinId: id, canteenId: head.canteen, sender: organ),
            to: [organ, head.issuer], context, now: now, transaction)
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: .bulletinAnswered, eventId: eventId.rawValue, canteenId: head.canteen, occurredAt: now,
                isOpen: true, dueAt: nil),
            about: .bulletin(id), to: .organ(head.issuer), context, now: now, transaction)
        return true
    }

    /// Ends it for everybody: nothing is left to do, and each receiver is told.
    func close(
        _ id: BulletinID, by person: PersonID, note: String?, outcome: String, correctedBy: String?,
        _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard let head = try await Self.head(id, transaction) else { return }
        try await transaction.execute(
            """
            UPDATE bulletin SET state = 'closed', closed_at = \(now), closed_by = \(person), close_note = \(note)
            WHERE bulletin_id = \(id)
            """)
        try await transaction.execute("UPDATE inbox_item SET is_open = false, due_at = NULL WHERE bulletin_id = \(id)")
        for receiver in try await BulletinRecipients.of(id, transaction).sorted(by: {
            $0.organId.rawValue < $1.organId.rawValue
        }) where receiver.role != .superior {
            let event = BulletinClosed(
                bulletinId: id, number: head.number, issuingOrganId: head.issuer, receivingOrganId: receiver.organId,
                department: receiver.department, outcome: outcome, correctedByNumber: correctedBy, closedAt: now)
            let eventId = try await transaction.publish(event, context, occurredAt: now)
            try await webhooks.offer(
                event, id: eventId, WebhookOutbox.Life(bulletinId: id, canteenId: head.canteen, sender: head.issuer),
                to: [receiver.organId], context, now: now, transaction)
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: .bulletinClosed, eventId: eventId.rawValue, canteenId: head.canteen, occurredAt: now,
                    isOpen: false, dueAt: nil),
                about: .bulletin(id), to: .organ(receiver.organId), context, now: now, transaction)
        }
    }

    struct Head: Sendable {
        let number: String
        let issuer: OrganID
        let canteen: CanteenID
    }

    /// nil for a draft and one that waits.
    static func head(_ id: BulletinID, _ transaction: PostgresTransaction) async throws -> Head? {
        try await transaction.first(
            "SELECT number, issuing_organ_id, canteen_id FROM bulletin WHERE bulletin_id = \(id) AND number IS NOT NULL"
        ) { Head(number: try $0["number"], issuer: try $0["issuing_organ_id"], canteen: try $0["canteen_id"]) }
    }

    private static func settleInbox(
        _ id: BulletinID, of organ: OrganID, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE inbox_item SET is_open = false, due_at = NULL
            WHERE bulletin_id = \(id) AND recipient = \(Recipient.organ(organ).key)
            """)
    }

    private struct Party: Sendable {
        let department: Department
        let receiptBy: Instant?
        let answerBy: Instant?
    }

    @Sendable private static func party(from row: Row) throws -> Party {
        Party(
            department: try row["department"], receiptBy: try row["receipt_by"], answerBy: try row["answer_by"])
    }
}
