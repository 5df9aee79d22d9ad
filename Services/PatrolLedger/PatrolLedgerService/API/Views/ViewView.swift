import Calendar
import Contracts

/// One line of a patrol's view log in the JSON interface.
struct ViewView: Codable, Sendable {
    var viewId: String
    var canteenId: CanteenID
    var cameraId: CameraID
    var zone: ZoneCode
    var personId: PersonID
    /// live or playback.
    var mode: String
    /// heartbeat, ticket, stated or recording.
    var source: String
    var startedAt: Instant
    /// Same as `started_at` for a recording: how long it was watched is in the call register of parent access.
    var lastSeenAt: Instant
    /// Playback only.
    var reason: String?
    var recordedFrom: Instant?
    var recordedTo: Instant?

    init(_ view: ViewRecord) {
        viewId = view.viewId
        canteenId = view.canteenId
        cameraId = view.cameraId
        zone = view.zone
        personId = view.personId
        mode = view.mode
        source = view.source
        startedAt = view.startedAt
        lastSeenAt = view.lastSeenAt
        reason = view.reason
        recordedFrom = view.recordedFrom
        recordedTo = view.recordedTo
    }
}
