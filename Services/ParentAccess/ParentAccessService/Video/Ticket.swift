import Access
import Calendar
import Contracts

/// A one-use permission to start watching one camera.
struct Ticket: Sendable {
    /// Time to start (domain §6, art 12).
    static let lifetime: Duration = .seconds(60)

    let viewer: String
    let loginHash: [UInt8]?
    let cameraId: CameraID
    let reason: ViewReason?
    let reference: String?
    let expiresAt: Instant
    let usedAt: Instant?
}
