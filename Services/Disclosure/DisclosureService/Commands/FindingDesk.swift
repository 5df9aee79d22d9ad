import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Right of reply and appeals: what a school may say about a rating (D2) or check (D8), and who decides.
struct FindingDesk: Sendable {
    static let longestReply = 1000
    /// Working days for the decision on an appeal.
    static let workingDaysToDecide = 20
    /// Days after publication within which an appeal is taken (行政复议法 art 20).
    static let daysToAppeal = 60

    let items: ItemDesk

    // MARK: replies

    func reply(
        _ item: ItemID, text: String, _ actor: ItemDesk.Actor, _ transaction: PostgresTransaction
    ) async throws -> ReplyID {
        let (head, _) = try await finding(item, transaction)
        let id = ReplyID.new()
        let inserted = try await transaction.execute(
            """
            INSERT INTO reply (reply_id, item_id, canteen_id, text, written_by, written_at)
            VALUES (\(id), \(item), \(head.canteenId), \(text), \(actor.principal.personId), \(actor.now))
            ON CONFLICT (item_id) WHERE state = 'pending' DO NOTHING
            """)
        guard inserted == 1 else {
            throw Problem.conflict(
                code: "reply_pending", zh: "上一条回应还在审核中。", en: "An earlier reply still waits for moderation.")
        }
        try await transaction.record(
            "brightkitchen.disclosure.reply.written.v1", subject: head.canteenId.rawValue,
            data: ["reply_id": id.rawValue, "item_id": item.rawValue], actor.context, occurredAt: actor.now)
        return id
    }

    func decideReply(
        _ reply: Reply, publish: Bool, reason: String?, _ actor: ItemDesk.Actor, _ transaction: PostgresTransaction
    ) async throws {
        let head = try await items.locked(reply.itemId, transaction)
        if !publish, (reason?.count ?? 0) < 4 { throw Refuse.missingReason }
        let state = publish ? "published" : "refused"
        let changed = try await transaction.execute(
            """
            UPDATE reply SET state = \(state), decided_by = \(actor.principal.personId), decided_at = \(actor.now),
                decision_reason = \(reason) WHERE reply_id = \(reply.replyId) AND state = 'pending'
            """)
        guard changed == 1 else { throw Self.alreadyDecided }
        guard publish else {
            try await transaction.record(
                "brightkitchen.disclosure.reply.refused.v1", subject: reply.canteenId.rawValue,
                data: ["reply_id": reply.replyId.rawValue, "item_id": reply.itemId.rawValue], actor.context,
                occurredAt: actor.now)
            return
        }
        guard var record = head.published else { throw Problem.notFound }
        record.reply = reply.text
        record.recordedAt = actor.now
        try await Publication(transaction: transaction, context: actor.context, now: actor.now).append(
            record,
            events: [
                ReplyPublished(
                    replyId: reply.replyId, itemId: reply.itemId, canteenId: reply.canteenId,
                    category: head.category, publishedAt: actor.now)
            ])
    }

    // MARK: appeals

    func appeal(
        _ item: ItemID, grounds: String, _ actor: ItemDesk.Actor, _ transaction: PostgresTransaction
    ) async throws -> AppealID {
        var (head, record) = try await finding(item, transaction)
        guard LocalDate(actor.now) <= LocalDate(record.publishedAt).adding(days: Self.daysToAppeal) else {
            throw Problem.conflict(
                code: "appeal_too_late", zh: "公示后 \(Self.daysToAppeal) 天内可以提出异议。",
                en: "An appeal is taken within \(Self.daysToAppeal) days of publication.")
        }
        let id = AppealID.new()
        let decideBy = Self.decideBy(actor.today, items.calendar)
        let inserted = try await transaction.execute(
            """
            INSERT INTO appeal (appeal_id, item_id, canteen_id, grounds, filed_by, filed_at, decide_by)
            VALUES (\(id), \(item), \(head.canteenId), \(grounds), \(actor.principal.personId), \(actor.now),
                \(decideBy))
            ON CONFLICT (item_id) WHERE state = 'open' DO NOTHING
            """)
        guard inserted == 1 else {
            throw Problem.conflict(code: "appeal_open", zh: "已有异议在处理中。", en: "There is an open appeal already.")
        }
        record.isContested = true
        record.recordedAt = actor.now
        try await Publication(transaction: transaction, context: actor.context, now: actor.now).append(
            record,
            events: [
                AppealFiled(
                    appealId: id, itemId: item, canteenId: head.canteenId, category: head.category,
                    decideBy: decideBy, filedAt: actor.now)
            ])
        return id
    }

    /// 403 for the officer who published: an appeal is decided by somebody who was not involved.
    func decideAppeal(
        _ appeal: Appeal, upheld: Bool, decision: String, _ actor: ItemDesk.Actor, _ transaction: PostgresTransaction
    ) async throws {
        let head = try await items.locked(appeal.itemId, transaction)
        guard head.publishedBy != actor.principal.personId.rawValue else {
            throw Problem(
                .forbidden, code: "involved_officer",
                detail: LocalizedText(
                    zh: "异议应由未参与该评定（检查）的人员处理。",
                    en: "An appeal is decided by an officer who was not involved."))
        }
        let changed = try await transaction.execute(
            """
            UPDATE appeal SET state = \(upheld ? "upheld" : "dismissed"), decided_by = \(actor.principal.personId),
                decided_at = \(actor.now), decision = \(decision)
            WHERE appeal_id = \(appeal.appealId) AND state = 'open'
            """)
        guard changed == 1 else { throw Self.alreadyDecided }
        let decided = AppealDecided(
            appealId: appeal.appealId, itemId: appeal.itemId, canteenId: appeal.canteenId, category: head.category,
            upheld: upheld, decidedAt: actor.now)
        guard var record = head.published, record.state != .withdrawn else {
            // Withdrawn meanwhile: nothing is shown any more, the decision is on record.
            try await transaction.publish(decided, actor.context, occurredAt: actor.now)
            return
        }
        record.isContested = false
        record.recordedAt = actor.now
        var events: [any Event] = [decided]
        if upheld {
            record.state = .withdrawn
            record.reason = decision
            events.append(
                ItemWithdrawn(
                    itemId: appeal.itemId, canteenId: appeal.canteenId, category: head.category,
                    version: record.version, reason: decision, withdrawnAt: actor.now))
        }
        try await Publication(transaction: transaction, context: actor.context, now: actor.now).append(
            record, events: events)
    }

    static func decideBy(_ today: LocalDate, _ calendar: WorkingCalendar) -> LocalDate? {
        do {
            let deadline = try calendar.deadline(from: today, workingDays: workingDaysToDecide)
            return deadline.isProvisional ? nil : deadline.date
        } catch {
            return nil
        }
    }

    private static let alreadyDecided = Problem.conflict(
        code: "already_decided", zh: "已经处理过了。", en: "This was decided already.")

    private func finding(
        _ item: ItemID, _ transaction: PostgresTransaction
    ) async throws -> (ItemHead, ItemRecord) {
        let head = try await items.locked(item, transaction)
        guard CategoryDefinition.of(head.category).isFinding, let record = head.published, record.state == .published
        else {
            throw Problem.conflict(
                code: "not_a_finding", zh: "只能对公示中的量化等级（D2）和监督检查（D8）回应或提出异议。",
                en: "Only a public rating (D2) or check (D8) can be answered or contested.")
        }
        return (head, record)
    }
}
