import Access
import Calendar
import Contracts

/// A device fault (设备故障) with everything that is known of it.
public struct DeviceFault: Hashable, Sendable {
    public var id: FaultID
    public var kind: FaultKind
    public var cameraId: CameraID?
    public var canteenId: CanteenID?
    public var schoolId: SchoolID?
    public var divisionCode: String
    public var incidentId: IncidentID?
    public var state: DeviceFaultState
    public var detectedAt: Instant
    public var changedAt: Instant
    /// Who is to see to it; pseudonymous.
    public var responsible: PersonID?
    public var recoveredAt: Instant?
    public var closedAt: Instant?
    public var escalatedAt: Instant?
    public var version: Int

    public var scopeKey: String { canteenId?.rawValue ?? divisionCode }
    public var isOpen: Bool { state != .closed && state != .recovered }

    public var detected: FaultDetected {
        FaultDetected(
            faultId: id, scopeKey: scopeKey, kind: kind, cameraId: cameraId, canteenId: canteenId, schoolId: schoolId,
            divisionCode: divisionCode, incidentId: incidentId, detectedAt: detectedAt)
    }

    public var stateChanged: FaultStateChanged {
        FaultStateChanged(
            faultId: id, scopeKey: scopeKey, kind: kind, cameraId: cameraId, canteenId: canteenId, schoolId: schoolId,
            divisionCode: divisionCode, incidentId: incidentId, detectedAt: detectedAt, state: state,
            changedAt: changedAt)
    }

    public func escalated(at: Instant) -> FaultEscalated {
        FaultEscalated(
            faultId: id, scopeKey: scopeKey, kind: kind, cameraId: cameraId, canteenId: canteenId, schoolId: schoolId,
            divisionCode: divisionCode, incidentId: incidentId, detectedAt: detectedAt, state: state, escalatedAt: at)
    }
}

/// What a person does about a fault.
public enum FaultStep: String, Codable, Hashable, CaseIterable, Sendable {
    case confirm
    case assign
    case repair
    case recover
    case close

    public var target: DeviceFaultState {
        switch self {
        case .confirm: .confirmed
        case .assign: .assigned
        case .repair: .repairing
        case .recover: .recovered
        case .close: .closed
        }
    }

    /// Forward only, and nothing is closed before it has recovered. An assignment may be given to another person.
    public func isAllowed(from state: DeviceFaultState) -> Bool {
        switch self {
        case .confirm: state == .detected
        case .assign: [.detected, .confirmed, .assigned, .repairing].contains(state)
        case .repair: [.confirmed, .assigned].contains(state)
        case .recover: [.confirmed, .assigned, .repairing].contains(state)
        case .close: state == .recovered
        }
    }

    public static func allowed(from state: DeviceFaultState) -> [FaultStep] {
        allCases.filter { $0.isAllowed(from: state) }
    }
}
