import Access
import Calendar
import Contracts
import Journal
import PersonalData
import Postgres
import ServiceKit

/// What people do with items: prepare, submit, return, publish, withdraw. Who may is decided before.
struct ItemDesk: Sendable {
    let pool: PostgresPool
    let calendar: WorkingCalendar
    let persons: ItemPersons

    struct Actor: Sendable {
        let principal: Principal
        let context: EventContext
        let now: Instant

        var today: LocalDate { LocalDate(now) }
        var publisher: ItemStore.Publisher {
            ItemStore.Publisher(organId: principal.organId, personId: principal.personId)
        }
    }

    struct Prepared: Sendable {
        let content: ItemContent
        let persons: [String: String]
        let isNotApplicable: Bool
        let reason: String?
    }

    // MARK: checking

    /// 422 with every fault. An attempt to enter nitrite is journalled, so that the organ hears of it, and refused.
    func prepare(
        _ draft: ItemDraft, _ definition: CategoryDefinition, of canteen: CanteenID, _ actor: Actor
    ) async throws -> Prepared {
        if let reason = draft.reason {
            try PersonalDataScreen.check(field: "reason", text: reason)
            guard reason.count <= 500 else { throw Refuse.longReason }
        }
        if draft.isNotApplicable {
            guard definition.allowsNotApplicable else { throw Refuse.notApplicable(definition.category) }
            guard let reason = draft.reason, reason.count >= 4 else { throw Refuse.missingReason }
            return Prepared(content: ItemContent(), persons: [:], isNotApplicable: true, reason: reason)
        }
        let files = try await FileStore.known(
            draft.input.values.flatMap(\.list), of: canteen, pool)
        let check = ContentCheck(definition: definition, isPersonal: Self.isPersonal, mask: Masking.masked(name:))
        var checked = check.check(draft.input, knownFiles: files)
        if definition.category == .d6, ItemRules.isNitrite(checked.content) {
            try await pool.transaction { transaction in
                try await transaction.publish(
                    AdditiveRefused(canteenId: canteen, substance: "nitrite", refusedAt: actor.now), actor.context,
                    occurredAt: actor.now)
            }
            throw Refuse.nitrite
        }
        if checked.faults.isEmpty {
            checked.faults = judge(definition.category, checked.content, actor).faults
        }
        guard checked.faults.isEmpty else { throw Refuse.faults(checked.faults) }
        return Prepared(
            content: checked.content, persons: checked.persons, isNotApplicable: false, reason: draft.reason)
    }

    private static let isPersonal: @Sendable (String) -> Bool = { text in
        do {
            try PersonalDataScreen.check(field: "", text: text)
            return false
        } catch {
            return true
        }
    }

    private func judge(_ category: DisclosureCategory, _ content: ItemContent, _ actor: Actor) -> ItemRules.Outcome {
        ItemRules.judge(category, content, today: actor.today, calendar: calendar)
    }

    // MARK: steps, each within a transaction of the caller's

    /// Writes the version in preparation. `item` nil: a new item.
    func save(
        _ prepared: Prepared, as item: ItemID?, _ definition: CategoryDefinition, of canteen: CanteenID,
        revision: Int?, _ actor: Actor, _ transaction: PostgresTransaction
    ) async throws -> ItemID {
        let id = item ?? .new()
        var version = 1
        if let item {
            guard let head = try await ItemStore.locked(item, transaction) else { throw Problem.notFound }
            guard ItemLifecycle.allows(.edit, working: head.working?.state, current: head.published?.state) else {
                throw Refuse.step(.edit, head.state)
            }
            if let revision, revision != head.revision { throw Refuse.changedMeanwhile }
            if let published = head.published {
                guard prepared.reason != nil else { throw Refuse.missingReason }
                version = published.version + 1
            }
        }
        let working = ItemHead.Working(
            state: .draft, content: prepared.content, isNotApplicable: prepared.isNotApplicable,
            reason: prepared.reason, by: actor.principal.personId.rawValue, at: actor.now)
        try await ItemStore.saveWorking(
            working, of: id, canteen: canteen, category: definition.category, transaction)
        try await persons.replace(prepared.persons, of: id, version: version, transaction)
        return id
    }

    func submit(_ item: ItemID, _ actor: Actor, _ transaction: PostgresTransaction) async throws {
        let (head, working) = try await working(item, for: .submit, transaction)
        var next = working
        next.state = .submitted
        next.at = actor.now
        next.returnReason = nil
        try await ItemStore.saveWorking(
            next, of: item, canteen: head.canteenId, category: head.category, transaction)
        try await transaction.publish(
            ItemSubmitted(
                itemId: item, canteenId: head.canteenId, category: head.category,
                version: (head.published?.version ?? 0) + 1, submittedAt: actor.now), actor.context,
            occurredAt: actor.now)
    }

    func sendBack(
        _ item: ItemID, reason: String, _ actor: Actor, _ transaction: PostgresTransaction
    ) async throws {
        let (head, working) = try await working(item, for: .sendBack, transaction)
        var next = working
        next.state = .returned
        next.returnReason = reason
        try await ItemStore.saveWorking(
            next, of: item, canteen: head.canteenId, category: head.category, transaction)
        try await transaction.publish(
            ItemReturned(
                itemId: item, canteenId: head.canteenId, category: head.category, reason: reason,
                returnedAt: actor.now), actor.context, occurredAt: actor.now)
    }

    func publish(_ item: ItemID, _ actor: Actor, _ transaction: PostgresTransaction) async throws {
        let (head, working) = try await working(item, for: .publish, transaction)
        let outcome = judge(head.category, working.content, actor)
        if !working.isNotApplicable, !outcome.faults.isEmpty { throw Refuse.faults(outcome.faults) }
        var terms = outcome.terms
        if working.isNotApplicable { terms = ItemTerms(validFrom: actor.today, uniqueKey: "not_applicable") }
        let publication = Publication(transaction: transaction, context: actor.context, now: actor.now)
        try await makeRoom(for: head, isNotApplicable: working.isNotApplicable, terms, publication)
        let version = (head.published?.version ?? 0) + 1
        let isOver = terms.validTo.map { $0 < actor.today } ?? false
        let record = ItemRecord(
            position: 0, itemId: item, canteenId: head.canteenId, category: head.category, version: version,
            state: isOver ? .expired : .published, isNotApplicable: working.isNotApplicable, content: working.content,
            reason: working.reason, reply: nil, isLate: terms.isLate, validFrom: terms.validFrom,
            validTo: terms.validTo, supersededBy: nil, isContested: false, publishedAt: actor.now,
            recordedAt: actor.now)
        try await publication.append(
            record, uniqueKey: terms.uniqueKey, by: actor.publisher, clearsWorking: true,
            events: [
                ItemPublished(
                    itemId: item, canteenId: head.canteenId, category: head.category, version: version,
                    publishedAt: actor.now, validTo: terms.validTo)
            ])
        try await FileStore.show(working.content, of: item, CategoryDefinition.of(head.category), transaction)
        try await persons.forget(item, before: version, transaction)
    }

    func withdraw(
        _ item: ItemID, reason: String, _ actor: Actor, _ transaction: PostgresTransaction
    ) async throws {
        let head = try await locked(item, transaction)
        guard ItemLifecycle.allows(.withdraw, working: head.working?.state, current: head.published?.state),
            var record = head.published
        else { throw Refuse.step(.withdraw, head.state) }
        record.state = .withdrawn
        record.reason = reason
        record.isContested = false
        record.recordedAt = actor.now
        try await Publication(transaction: transaction, context: actor.context, now: actor.now).append(
            record,
            events: [
                ItemWithdrawn(
                    itemId: item, canteenId: head.canteenId, category: head.category, version: record.version,
                    reason: reason, withdrawnAt: actor.now)
            ])
        try await persons.forget(item, before: Int.max, transaction)
    }

    // MARK: parts

    /// What may not stand beside the new version: the predecessor of a single category, a "not applicable", the same
    /// batch or period once more.
    private func makeRoom(
        for head: ItemHead, isNotApplicable: Bool, _ terms: ItemTerms, _ publication: Publication
    ) async throws {
        let others = try await ItemStore.current(of: head.canteenId, publication.transaction)
            .filter { $0.category == head.category && $0.itemId != head.itemId }
        let definition = CategoryDefinition.of(head.category)
        if !definition.isSingle, isNotApplicable, others.contains(where: { !$0.isNotApplicable }) {
            throw Refuse.hasCurrentItems
        }
        if let key = terms.uniqueKey, !definition.isSingle, !isNotApplicable,
            try await ItemStore.isTaken(key, of: head, publication.transaction)
        {
            throw Refuse.duplicate
        }
        for var other in others where definition.isSingle || other.isNotApplicable {
            other.state = .superseded
            other.supersededBy = head.itemId
            other.recordedAt = publication.now
            try await publication.append(
                other,
                events: [
                    ItemSuperseded(
                        itemId: other.itemId, canteenId: other.canteenId, category: other.category,
                        version: other.version, supersededBy: head.itemId, supersededAt: publication.now)
                ])
        }
    }

    /// The canteen is locked before the item: one order everywhere.
    func locked(_ item: ItemID, _ transaction: PostgresTransaction) async throws -> ItemHead {
        guard let found = try await ItemStore.head(item, transaction) else { throw Problem.notFound }
        _ = try await transaction.first(
            "SELECT canteen_id FROM canteen WHERE canteen_id = \(found.canteenId) FOR UPDATE"
        ) { try $0["canteen_id"] as String }
        guard let head = try await ItemStore.locked(item, transaction) else { throw Problem.notFound }
        return head
    }

    private func working(
        _ item: ItemID, for step: ItemLifecycle.Step, _ transaction: PostgresTransaction
    ) async throws -> (ItemHead, ItemHead.Working) {
        let head = try await locked(item, transaction)
        guard ItemLifecycle.allows(step, working: head.working?.state, current: head.published?.state),
            let working = head.working
        else { throw Refuse.step(step, head.state) }
        return (head, working)
    }
}
