import Calendar
import Contracts

/// What a ledger entry (台账) says, complete in itself. Stored as these exact bytes and hashed; no personal data.
struct LedgerContent: Codable, Hashable, Sendable {
    struct Item: Codable, Hashable, Sendable {
        var code: String
        var text: String
        var result: ItemResult
        var note: String?
        var noEvidenceReason: String?
        var severity: Int?
        var evidence: [EvidenceReference]
    }

    struct ZoneEntry: Codable, Hashable, Sendable {
        var zone: ZoneCode
        var name: String
        var viewedSeconds: Int
        /// live or playback.
        var mode: String
        var submitted: Bool
        /// When it was filled in and when it came in, where it came in late (补录); absent where it did not.
        var late: Late?
        /// Recordings that were looked at; absent where there were none.
        var playbacks: [Playback]?
        var items: [Item]
    }

    /// 补录: the true time of an entry that was made without a connection.
    struct Late: Codable, Hashable, Sendable {
        var enteredAt: Instant
        var receivedAt: Instant
    }

    struct Playback: Codable, Hashable, Sendable {
        var cameraId: CameraID
        var reason: String
        var recordedFrom: Instant
        var recordedTo: Instant
        var openedAt: Instant
    }

    struct CanteenEntry: Codable, Hashable, Sendable {
        var canteenId: CanteenID
        /// Names as they were at the time.
        var name: String
        var schoolName: String
        /// Absent where the canteen had no licence yet.
        var licenceNumber: String?
        var counts: Bool
        var allCamerasWithoutSignal: Bool
        var zones: [ZoneEntry]
    }

    struct ProblemEntry: Codable, Hashable, Sendable {
        var problemId: ProblemID
        var canteenId: CanteenID
        var zone: ZoneCode
        var itemCode: String
        var severity: Int
        var description: String
        var notifiedAt: Instant
        var rectifyBy: Instant
        var evidence: [EvidenceReference]
    }

    var ledgerNumber: String
    var organId: OrganID
    var organName: String
    var patrolId: PatrolID
    /// Pseudonymous ids of the named patrollers (指定专人).
    var patrollers: [PersonID]
    var startedAt: Instant
    var closedAt: Instant
    /// True where the patrol was submitted after its week had ended.
    var recordedLate: Bool
    var week: String
    var basis: [PatrolBasis]
    var basisReference: String?
    var checklistVersion: String
    var ruleSet: String
    var calendarVersion: String
    var quota: Int
    var required: Int
    var counted: Int
    var meetsQuota: Bool
    var canteens: [CanteenEntry]
    var problems: [ProblemEntry]
}
