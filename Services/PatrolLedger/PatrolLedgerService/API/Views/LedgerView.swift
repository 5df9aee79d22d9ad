import Calendar
import Contracts

/// A ledger entry in a list; the content is fetched by number.
struct LedgerView: Codable, Sendable {
    var ledgerNumber: String
    var organId: OrganID
    var patrolId: PatrolID
    var hashAlgorithm: String
    var contentHash: String
    var appendedAt: Instant
    var correctsNumber: String?

    init(_ entry: LedgerRecord) {
        ledgerNumber = entry.number
        organId = entry.organId
        patrolId = entry.patrolId
        hashAlgorithm = EvidenceVault.algorithm
        contentHash = entry.contentHash
        appendedAt = entry.appendedAt
        correctsNumber = entry.correctsNumber
    }
}
