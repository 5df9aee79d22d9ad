import Access
import Calendar
import Contracts

/// One viewer watching one camera. Lives in memory for every decision and in the database for the record.
struct ViewSession: Sendable {
    /// Renewable in steps of this long (domain §6, art 12).
    static let length: Duration = .seconds(600)
    /// Without a segment for this long the viewer has gone.
    static let idleLimit: Duration = .seconds(30)
    /// Looking at a recording takes longer, with pauses; not renewable.
    static let recordedLength: Duration = .seconds(2 * 3600)
    static let recordedIdleLimit: Duration = .seconds(900)

    let sessionId: ViewSessionID
    let viewer: ViewerIdentity
    /// The member of staff as of the ticket; nil for a representative.
    let principal: Principal?
    let reason: ViewReason?
    let cameraId: CameraID
    let canteenId: CanteenID
    /// School of the camera.
    let schoolId: SchoolID
    /// SHA-256 of the representative's session cookie; nil for staff, who are bound by their person id.
    let loginHash: [UInt8]?
    let startedAt: Instant
    /// End of the present step; moves forward with each renewal.
    var expiresAt: Instant
    /// End of the right that the last decision found, and what ends it.
    var allowedUntil: Instant
    var endsBy: ViewEnd
    var lastSegmentAt: Instant
    /// Set once, never taken back.
    var ended: ViewEnd?
    /// The span of a recording; nil for a live picture. Staff only.
    var recorded: RecordedSpan?

    var idle: Duration { recorded == nil ? Self.idleLimit : Self.recordedIdleLimit }
}
