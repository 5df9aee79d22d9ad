import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// A self-check that the school submitted in the patrol ledger is its report of D9 (art 6(9), art 8): public at once,
/// without typing it twice. A later version of the same period is the next version of the same item.
struct SelfCheckPublisher: Sendable {
    let clock: any WallClock
    let calendar: WorkingCalendar

    func apply(_ event: SelfCheckSubmitted, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        let now = clock.now()
        let today = LocalDate(now)
        let content = Self.content(event)
        let terms = ItemRules.judge(.d9, content, today: today, calendar: calendar).terms
        let publication = Publication(transaction: transaction, context: context, now: now)
        try await publication.lock(event.canteenId)
        let before = try await Self.known(terms.uniqueKey, of: event.canteenId, transaction)
        let isOver = terms.validTo.map { $0 < today } ?? false
        let record = ItemRecord(
            position: 0, itemId: before?.item ?? .new(), canteenId: event.canteenId, category: .d9,
            version: (before?.version ?? 0) + 1, state: isOver ? .expired : .published, isNotApplicable: false,
            content: content, reason: before == nil ? nil : "学校更新了本期自查报告", reply: nil, isLate: event.late,
            validFrom: min(terms.validFrom, today), validTo: terms.validTo, supersededBy: nil, isContested: false,
            publishedAt: now, recordedAt: now)
        try await publication.append(
            record, uniqueKey: terms.uniqueKey,
            events: [
                ItemPublished(
                    itemId: record.itemId, canteenId: event.canteenId, category: .d9, version: record.version,
                    publishedAt: now, validTo: terms.validTo)
            ])
    }

    private struct Known: Sendable {
        let item: ItemID
        let version: Int
    }

    /// The report of the same period, typed or sent before.
    private static func known(
        _ key: String?, of canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws -> Known? {
        try await transaction.first(
            """
            SELECT item_id, version FROM item_head
            WHERE canteen_id = \(canteen) AND category = \(DisclosureCategory.d9) AND unique_key = \(key)
            ORDER BY position DESC LIMIT 1 FOR UPDATE
            """
        ) { row in Known(item: try row["item_id"], version: try row["version"]) }
    }

    /// Nobody's name: the role answers for the report.
    private static func content(_ event: SelfCheckSubmitted) -> ItemContent {
        var values: [String: FieldValue] = [
            "period": .text(event.period.rawValue), "date": .text(event.lastDay.iso),
            "found": .text(event.noProblemFound ? "no" : "yes"),
            "checker": .text(event.role == .principal ? "校长（园长）" : "食品安全管理人员"),
        ]
        if !event.noProblemFound {
            let codes = event.findings.map(\.itemCode).joined(separator: "、")
            values["findings"] = .text("发现 \(event.findings.count) 项问题：\(codes)")
            values["measures"] = .text("已列入问题整改，进展见本食堂“发现的问题和整改”。")
        }
        return ItemContent(values)
    }
}
