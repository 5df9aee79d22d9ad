/// Why a member of staff looks at a camera: the call register of the video regulation, art 16(2). Representatives
/// need none.
enum ViewReason: String, Codable, CaseIterable, Sendable {
    /// A patrol (art 7); `ref` = patrol id.
    case patrol
    /// A complaint is looked into.
    case complaint
    /// Day-to-day supervision without a plan.
    case routine
    /// The first frame of a camera is checked before it becomes active.
    case firstFrame = "first_frame"
    /// The school's own daily, weekly or monthly check (art 8).
    case selfCheck = "self_check"
    /// A rectification is verified.
    case rectification
    /// A technical fault is looked into.
    case fault
}
