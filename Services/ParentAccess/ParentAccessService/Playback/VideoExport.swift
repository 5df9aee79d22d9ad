import Calendar
import Contracts
import Postgres

/// An export of a recording: asked for, agreed to by a second person, numbered, watermarked, counted, disposed of.
struct VideoExport: Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        case queued, making, ready, failed, disposed
    }

    /// What is proposed.
    struct Wish: Codable, Sendable {
        let cameraId: CameraID
        let from: Instant
        let to: Instant
        let reason: ViewReason
        let reference: String?
    }

    static let longest: Duration = .seconds(600)
    /// From the agreement on.
    static let lifetime: Duration = .seconds(72 * 3600)
    static let downloads = 3

    let number: String
    let cameraId: CameraID
    let canteenId: CanteenID
    let from: Instant
    let to: Instant
    let reason: ViewReason
    let purpose: String
    let requestedBy: PersonID
    let approvedBy: PersonID
    let approvedAt: Instant
    let expiresAt: Instant
    let downloadsLeft: Int
    let state: State
    let fault: String?
    /// `sha256:…` or `sm3:…`; nil until it is made.
    let digest: String?
    let byteCount: Int?

    @Sendable init(row: Row) throws {
        number = try row["number"]
        cameraId = try row["camera_id"]
        canteenId = try row["canteen_id"]
        from = try row["recorded_from"]
        to = try row["recorded_to"]
        reason = try row["reason"]
        purpose = try row["purpose"]
        requestedBy = try row["requested_by"]
        approvedBy = try row["approved_by"]
        approvedAt = try row["approved_at"]
        expiresAt = try row["expires_at"]
        downloadsLeft = try row["downloads_left"]
        state = try row["state"]
        fault = try row["fault"]
        // The version before this one wrote `sha256` only.
        let named: String? = try row["digest"]
        let plain: String? = try row["sha256"]
        digest = named ?? plain.map { "sha256:\($0)" }
        byteCount = try row["byte_count"]
    }
}

/// Log-only journal entry about an export.
struct ExportFact: Encodable, Sendable {
    let number: String
    let cameraId: CameraID
    let requestedBy: PersonID
    let approvedBy: PersonID
    let recordedFrom: Instant
    let recordedTo: Instant
    let reason: ViewReason
    /// With the name of its algorithm.
    let digest: String?
    let downloadsLeft: Int

    init(_ export: VideoExport, digest: String? = nil) {
        number = export.number
        cameraId = export.cameraId
        requestedBy = export.requestedBy
        approvedBy = export.approvedBy
        recordedFrom = export.from
        recordedTo = export.to
        reason = export.reason
        self.digest = digest ?? export.digest
        downloadsLeft = export.downloadsLeft
    }
}
