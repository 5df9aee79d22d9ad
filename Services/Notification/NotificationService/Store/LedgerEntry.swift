import Calendar
import Contracts

/// One line of the delivery ledger.
struct LedgerEntry: Encodable, Sendable {
    let entryId: String
    let channel: LedgerChannel
    /// Kind of the notice, or type of the event.
    let what: String
    let recipientOrganId: OrganID?
    let recipientSchoolId: SchoolID?
    let recipientName: String?
    /// The person of a mail or a message to a telephone; pseudonymous.
    let personId: PersonID?
    let endpointId: EndpointID?
    let canteenId: CanteenID?
    let canteenName: String?
    let schoolName: String?
    let severity: Int?
    let state: LedgerState
    let queuedAt: Instant
    let sentAt: Instant?
    let deliveredAt: Instant?
    let readAt: Instant?
    let acknowledgedAt: Instant?
    /// When it failed or expired.
    let endedAt: Instant?
    let reason: String?
    let attempts: Int
}
