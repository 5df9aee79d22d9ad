import Calendar
import Contracts

/// A thread as read: the problem's facts, as far as they arrived, and where it stands.
struct ProblemThread: Sendable {
    let id: String
    let problemId: ProblemID
    let canteenId: CanteenID
    let schoolId: SchoolID
    let state: ThreadState
    let enforcementOrganId: OrganID?
    let findingOrganId: OrganID?
    let zone: ZoneCode?
    let itemCode: String?
    let itemText: String?
    let severity: Int?
    let foundAt: Instant?
    let acknowledgeBy: Instant?
    let rectifyBy: Instant?
}
