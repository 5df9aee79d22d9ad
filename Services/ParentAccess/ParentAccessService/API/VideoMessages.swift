import Calendar
import Contracts

/// Body of `POST /video/tickets`.
struct WantedTicket: Decodable, Sendable {
    let cameraId: CameraID
    let reason: String?
    let reference: String?
}

/// Its answer.
struct IssuedTicket: Encodable, Sendable {
    /// Path on this site; good for one GET within a minute.
    let startUrl: String
    let expiresAt: Instant
}

/// Answer of `GET /video/sessions/{id}`.
struct SessionState: Encodable, Sendable {
    let sessionId: ViewSessionID
    let cameraId: CameraID
    let state: String
    let endedBy: ViewEnd?
    let message: String?
    let watermark: String
    let expiresAt: Instant
    let allowedUntil: Instant
    let serverTime: Instant
}
