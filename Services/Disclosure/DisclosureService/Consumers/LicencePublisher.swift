import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Carries out what `LicencePublication` decided: the next version of D1, journalled in the consumer's transaction.
struct LicencePublisher: Sendable {
    let clock: any WallClock

    func apply(_ facts: CanteenFacts, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        let published = try await ItemStore.licence(of: facts.canteenId, transaction)
        guard let licence = facts.licence else { return }
        let decision = LicencePublication.afterFacts(licence, published: published?.content)
        try await carryOut(
            decision, canteen: facts.canteenId, item: published?.itemId, after: published?.version, context, transaction
        )
    }

    func apply(_ event: LicenceRevoked, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        let published = try await ItemStore.licence(of: event.canteenId, transaction)
        let decision = LicencePublication.afterRevocation(
            number: event.licenceNumber, on: event.revokedOn, kind: event.reason, published: published?.content)
        try await carryOut(
            decision, canteen: event.canteenId, item: published?.itemId, after: published?.version, context, transaction
        )
    }

    /// The number of diners decides whether a food safety director is needed: what was complete may not be any more.
    func recount(
        _ canteen: CanteenID, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        guard let change = try await CompletenessStore.refresh(canteen, transaction), change.before != change.after
        else { return }
        try await transaction.publish(
            CompletenessChanged(canteenId: canteen, present: change.after.present, missing: change.after.missing),
            context, occurredAt: clock.now())
    }

    private func carryOut(
        _ decision: LicencePublication, canteen: CanteenID, item: ItemID?, after version: Int?, _ context: EventContext,
        _ transaction: PostgresTransaction
    ) async throws {
        guard case .publish(let licence, let reason) = decision else { return }
        let now = clock.now()
        let record = ItemRecord(
            position: 0, itemId: item ?? .new(), canteenId: canteen, category: .d1, version: (version ?? 0) + 1,
            state: .published, isNotApplicable: false, content: licence.content, reason: reason.rawValue, reply: nil,
            isLate: false, validFrom: licence.issuedOn, validTo: licence.validTo, supersededBy: nil,
            isContested: false, publishedAt: now, recordedAt: now)
        let publication = Publication(transaction: transaction, context: context, now: now)
        try await publication.lock(canteen)
        try await CompletenessStore.saveLicence(licence, of: canteen, transaction)
        try await publication.append(
            record,
            events: [
                ItemPublished(
                    itemId: record.itemId, canteenId: canteen, category: .d1, version: record.version,
                    publishedAt: now, validTo: licence.validTo)
            ])
    }
}
