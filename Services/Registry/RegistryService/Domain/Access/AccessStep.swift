import Access
import Contracts

/// What a person may do about a canteen's connection.
enum AccessStep: String, Codable, CaseIterable, Sendable {
    /// 申请接入: the school says it is ready.
    case apply
    /// 登记特殊原因: recorded, no extension.
    case specialReason = "special_reason"
    /// 确认接入.
    case confirm
    case suspend
    case resume
    case disconnect
    /// 无需接入.
    case notRequired = "not_required"
    /// Required after all.
    case required

    static let application: [AccessStep] = [.apply, .specialReason]
    static let decision: [AccessStep] = [.confirm, .suspend, .resume, .disconnect, .notRequired, .required]

    var needsReason: Bool {
        switch self {
        case .suspend, .disconnect, .notRequired: true
        case .apply, .specialReason, .confirm, .resume, .required: false
        }
    }

    func isPossible(_ record: AccessRecord) -> Bool {
        switch self {
        case .apply: record.state == .planned || record.state == .building || record.state == .disconnected
        case .specialReason: record.clock.isOpen
        case .confirm: [.planned, .building, .applied, .testing].contains(record.state)
        case .suspend: [.building, .applied, .testing, .connected].contains(record.state)
        // A suspension that follows from the licence ends with the licence.
        case .resume: record.state == .suspended && record.reason?.hasPrefix("licence_") != true
        case .disconnect: record.state == .connected || record.state == .suspended
        case .notRequired: record.state != .notRequired && record.state != .connected
        case .required: record.state == .notRequired
        }
    }
}
