import Calendar
import Contracts

/// A school's permission for one representative: live view of these cameras, in these windows, from … to.
struct ViewGrant: Hashable, Sendable {
    let grantId: GrantID
    let representativeId: RepresentativeID
    let schoolId: SchoolID
    let cameraIds: Set<CameraID>
    /// Zone groups of the school that are open as a whole, also for cameras that come later.
    var zones: Set<ZoneCode> = []
    let schedule: WeekSchedule
    let validFrom: Instant
    /// Exclusive.
    let validTo: Instant
    var revokedAt: Instant?

    /// Names the camera, or its zone in the school itself. Never decides about anterooms: the rules do.
    func names(_ camera: CameraFacts) -> Bool {
        cameraIds.contains(camera.cameraId) || (zones.contains(camera.zone) && camera.schoolId == schoolId)
    }

    /// Counts at `now`, windows aside.
    func isInForce(at now: Instant) -> Bool {
        revokedAt == nil && now >= validFrom && now < validTo
    }
}
