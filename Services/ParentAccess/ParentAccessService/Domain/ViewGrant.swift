import Calendar
import Contracts

/// A school's permission for one representative: live view of these cameras, in these windows, from … to.
struct ViewGrant: Hashable, Sendable {
    let grantId: GrantID
    let representativeId: RepresentativeID
    let schoolId: SchoolID
    let cameraIds: Set<CameraID>
    let schedule: WeekSchedule
    let validFrom: Instant
    /// Exclusive.
    let validTo: Instant
    var revokedAt: Instant?

    /// Counts at `now`, windows aside.
    func isInForce(at now: Instant) -> Bool {
        revokedAt == nil && now >= validFrom && now < validTo
    }
}
