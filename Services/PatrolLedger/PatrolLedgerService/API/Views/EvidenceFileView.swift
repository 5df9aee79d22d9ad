import Calendar
import Contracts

/// A piece of evidence with its state and custody record.
struct EvidenceFileView: Codable, Hashable, Sendable {
    var evidence: EvidenceView
    var state: EvidenceState
    /// `ok` or `failed`: the last re-hash.
    var integrity: String
    var verdict: EvidenceVerdict?
    var verdictReason: String?
    var reviewedAt: Instant?
    var held: Bool
    var holdReason: String?
    var disposedAt: Instant?
    var custody: [CustodyRecord]

    init(_ evidence: EvidenceRecord, custody: [CustodyRecord]) {
        self.evidence = EvidenceView(evidence)
        state = evidence.lifecycle.state
        integrity = evidence.integrity
        verdict = evidence.verdict
        verdictReason = evidence.verdictReason
        reviewedAt = evidence.reviewedAt
        held = evidence.isHeld
        holdReason = evidence.isHeld ? evidence.holdReason : nil
        disposedAt = evidence.disposedAt
        self.custody = custody
    }
}
