import Calendar
import Contracts

/// `manifest.json` of an evidence export: what is in it, and what each thing must hash to.
struct ExportManifest: Codable, Hashable, Sendable {
    static let format = "brightkitchen-evidence-export/1"

    /// A leaf of the journal with its proof: the exact bytes are in `file`.
    struct Leaf: Codable, Hashable, Sendable {
        var file: String
        var index: UInt64
        /// RFC 6962 audit path to the root of `checkpoint`, nearest sibling first, lower-case hex.
        var proof: [String]
    }

    struct Piece: Codable, Hashable, Sendable {
        var evidenceId: EvidenceID
        var kind: EvidenceKind
        var canteenId: CanteenID
        var cameraId: CameraID?
        var zone: ZoneCode?
        var cameraTime: Instant?
        var serverTime: Instant
        /// Server time − camera time.
        var offsetMilliseconds: Int?
        var purpose: String
        /// nil where the original was disposed of by its record.
        var file: String?
        var mediaType: String
        var byteCount: Int
        var hashAlgorithm: String
        var hash: String
        var verdict: EvidenceVerdict?
        var verdictReason: String?
        var custody: [CustodyRecord]
        /// The entry that sealed it.
        var seal: Leaf
    }

    struct Ledger: Codable, Hashable, Sendable {
        var ledgerNumber: String
        var file: String
        var hash: String
        var entry: Leaf
    }

    var format: String
    var exportedAt: Instant
    /// Pseudonymous.
    var exportedBy: PersonID
    var reason: String
    var origin: String
    var treeSize: UInt64
    var problem: ProblemView
    var evidence: [Piece]
    var ledger: [Ledger]
}
