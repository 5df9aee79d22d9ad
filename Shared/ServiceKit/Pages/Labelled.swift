import Contracts

/// A value of the shared vocabulary that has a name for people, in `vocabulary.yaml`.
public protocol Labelled {
    var labelKey: String { get }
}

extension Role: Labelled { public var labelKey: String { "role.\(rawValue)" } }
extension OrganLevel: Labelled { public var labelKey: String { "organ_level.\(rawValue)" } }
extension Department: Labelled { public var labelKey: String { "department.\(rawValue)" } }
extension SchoolType: Labelled { public var labelKey: String { "school_type.\(rawValue)" } }
extension ZoneCode: Labelled { public var labelKey: String { "zone.\(rawValue)" } }
extension CameraStatus: Labelled { public var labelKey: String { "camera_status.\(rawValue)" } }
extension DisclosureCategory: Labelled { public var labelKey: String { "category.\(rawValue)" } }
extension ProblemOrigin: Labelled { public var labelKey: String { "problem_origin.\(rawValue)" } }
extension ProblemOutcome: Labelled { public var labelKey: String { "problem_outcome.\(rawValue)" } }
extension BulletinCause: Labelled { public var labelKey: String { "bulletin_cause.\(rawValue)" } }
extension EvidenceKind: Labelled { public var labelKey: String { "evidence_kind.\(rawValue)" } }
extension FeedbackKind: Labelled { public var labelKey: String { "feedback_kind.\(rawValue)" } }
extension ViewEnd: Labelled { public var labelKey: String { "view_end.\(rawValue)" } }
extension FaultKind: Labelled { public var labelKey: String { "fault_kind.\(rawValue)" } }
extension DeviceFaultState: Labelled { public var labelKey: String { "device_fault_state.\(rawValue)" } }
extension SelfCheckPeriod: Labelled { public var labelKey: String { "self_check_period.\(rawValue)" } }
