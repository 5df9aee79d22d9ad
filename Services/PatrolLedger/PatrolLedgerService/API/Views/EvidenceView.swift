import Calendar
import Contracts

/// Evidence in the JSON interface: everything but the bytes.
struct EvidenceView: Codable, Hashable, Sendable {
    var evidenceId: EvidenceID
    var kind: EvidenceKind
    var canteenId: CanteenID
    var zone: ZoneCode?
    var cameraId: CameraID?
    var mediaType: String
    var byteCount: Int
    var hashAlgorithm: String
    var hash: String
    var cameraTime: Instant?
    var serverTime: Instant
    /// Server time − camera time.
    var offsetMilliseconds: Int?
    /// The original, for those who may see it.
    var file: String
    var thumbnail: String?

    init(_ evidence: EvidenceRecord) {
        evidenceId = evidence.evidenceId
        kind = evidence.kind
        canteenId = evidence.canteenId
        zone = evidence.zone
        cameraId = evidence.cameraId
        mediaType = evidence.mediaType
        byteCount = evidence.byteCount
        hashAlgorithm = EvidenceVault.algorithm
        hash = evidence.hash
        cameraTime = evidence.cameraTime
        serverTime = evidence.serverTime
        offsetMilliseconds = evidence.offsetMilliseconds
        file = PatrolPaths.evidence(evidence.evidenceId)
        thumbnail = evidence.thumbnailHash == nil ? nil : PatrolPaths.thumbnail(evidence.evidenceId)
    }
}
