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
        let decision = LicencePublication.afterFacts(facts.licence, published: published?.content)
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

    private func carryOut(
        _ decision: LicencePublication, canteen: CanteenID, item: ItemID?, after version: Int?, _ context: EventContext,
        _ transaction: PostgresTransaction
    ) async throws {
        guard case .publish(let licence, let reason) = decision else { return }
        let now = clock.now()
        let item = item ?? .new()
        let next = (version ?? 0) + 1
        let completeness = try await ItemStore.publish(
            licence, item: item, of: canteen, version: next, reason: reason.rawValue, at: now, transaction)
        var events: [any Event] = [
            ItemPublished(
                itemId: item, canteenId: canteen, category: .d1, version: next, publishedAt: now,
                validTo: licence.validTo)
        ]
        if completeness.before != completeness.after {
            events.append(
                CompletenessChanged(
                    canteenId: canteen, present: completeness.after.present, missing: completeness.after.missing))
        }
        try await transaction.publish(events, context, occurredAt: now)
    }
}
