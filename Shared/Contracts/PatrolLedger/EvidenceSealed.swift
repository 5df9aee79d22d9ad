import Calendar

/// A still or clip was taken from the stream by the server and sealed by its hash.
public struct EvidenceSealed: Event {
    public static let type = "brightkitchen.patrol.evidence.sealed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var evidenceId: EvidenceID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Camera; absent for a photograph uploaded by a school.
    public var cameraId: CameraID?
    /// still, clip or photograph.
    public var kind: EvidenceKind
    /// IANA media type of the original.
    public var mediaType: String
    /// Size of the original in bytes.
    public var byteCount: Int
    /// sha256.
    public var hashAlgorithm: String
    /// Lower-case hex digest of the untouched original.
    public var hash: String
    /// Time by the camera; absent where the stream does not tell it (unknown, never guessed).
    public var cameraTime: Instant?
    /// Time by the server at capture.
    public var serverTime: Instant

    public init(
        evidenceId: EvidenceID,
        canteenId: CanteenID,
        cameraId: CameraID? = nil,
        kind: EvidenceKind,
        mediaType: String,
        byteCount: Int,
        hashAlgorithm: String,
        hash: String,
        cameraTime: Instant? = nil,
        serverTime: Instant
    ) {
        self.evidenceId = evidenceId
        self.canteenId = canteenId
        self.cameraId = cameraId
        self.kind = kind
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.hashAlgorithm = hashAlgorithm
        self.hash = hash
        self.cameraTime = cameraTime
        self.serverTime = serverTime
    }
}
