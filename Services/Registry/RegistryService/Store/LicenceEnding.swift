import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// A regulator's decision that ends a licence: revoked (吊销), cancelled (注销) or withdrawn (撤销).
struct LicenceEnding: Sendable {
    let state: Licence.State
    let decidedOn: LocalDate

    /// Publishes `licence.revoked` and the canteen's new facts. 409 when the licence has ended already.
    func apply(
        to id: CanteenID, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Canteen {
        guard var canteen = try await CanteenStore.lock(id, transaction) else { throw Problem.notFound }
        guard var licence = canteen.licence else {
            throw Problem.conflict(
                code: "no_licence", zh: "该食堂尚未取得食品经营许可证。", en: "This canteen has no food-business licence yet.")
        }
        guard licence.state == .valid else {
            throw Problem.conflict(
                code: "licence_ended", zh: "该许可证已被\(licence.state.chinese)。",
                en: "This licence has ended already.")
        }
        guard licence.issuedOn <= decidedOn, decidedOn <= LocalDate(now) else {
            throw Problem.invalid(
                "decided_on", code: "date_out_of_range", zh: "决定日期须在发证日期与今天之间。",
                en: "The day of the decision lies between the day of issue and today.",
                allowed: "\(licence.issuedOn.iso)…\(LocalDate(now).iso)")
        }
        licence.state = state
        licence.endedOn = decidedOn
        canteen.licence = licence
        canteen.operating = false
        try await CanteenStore.save(canteens: [canteen], transaction)
        let ended = LicenceRevoked(
            canteenId: canteen.id, licenceNumber: licence.number, revokedOn: decidedOn, reason: state.rawValue)
        try await transaction.publish([ended, canteen.changed], context, occurredAt: now)
        return canteen
    }
}
