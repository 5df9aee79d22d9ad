import Calendar
import Contracts

/// One organ that a bulletin was sent to, and what it did about it.
struct BulletinRecipient: Encodable, Hashable, Sendable {
    let organId: OrganID
    let organName: String
    let department: Department
    let role: BulletinRole
    let receiptBy: Instant?
    let answerBy: Instant?
    let deliveredAt: Instant?
    let receiptedAt: Instant?
    let answeredAt: Instant?
    let answer: String?
    let overdueAt: Instant?
    let escalatedAt: Instant?
    let urgedTimes: Int
    let lastUrgedAt: Instant?
    /// Answered after the deadline; a late answer is shown as such.
    let answeredLate: Bool

    var needsReceipt: Bool { role == .main && receiptedAt == nil }
    var needsAnswer: Bool { role == .main && answeredAt == nil }

    init(
        organId: OrganID, organName: String, department: Department, role: BulletinRole, receiptBy: Instant? = nil,
        answerBy: Instant? = nil, deliveredAt: Instant? = nil, receiptedAt: Instant? = nil,
        answeredAt: Instant? = nil, answer: String? = nil, overdueAt: Instant? = nil, escalatedAt: Instant? = nil,
        urgedTimes: Int = 0, lastUrgedAt: Instant? = nil
    ) {
        self.organId = organId
        self.organName = organName
        self.department = department
        self.role = role
        self.receiptBy = receiptBy
        self.answerBy = answerBy
        self.deliveredAt = deliveredAt
        self.receiptedAt = receiptedAt
        self.answeredAt = answeredAt
        self.answer = answer
        self.overdueAt = overdueAt
        self.escalatedAt = escalatedAt
        self.urgedTimes = urgedTimes
        self.lastUrgedAt = lastUrgedAt
        answeredLate = answeredAt.flatMap { at in answerBy.map { at > $0 } } ?? false
    }
}
