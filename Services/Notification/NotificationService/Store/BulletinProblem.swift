import Calendar
import Contracts

/// A problem that a bulletin is about, and whether it is still open.
struct BulletinProblem: Codable, Hashable, Sendable {
    let problemId: ProblemID
    let canteenId: CanteenID?
    let state: ThreadState
    let itemCode: String?
    let itemText: String?
    let severity: Int?
    let foundAt: Instant?
    let evidence: [EvidenceReference]

    /// Nothing may be closed while it is: accepted is not closed yet.
    var isOpen: Bool { state != .closed }
}
