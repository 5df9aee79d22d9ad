/// Why a bulletin cannot be issued yet. It waits, visibly, and is tried again when the registry says more.
enum UnroutableReason: String, Codable, CaseIterable, Sendable {
    case canteenUnknown = "canteen_unknown"
    /// The registry names no bureau for the school, and none of the department is registered for its division.
    case supervisingOrganUnknown = "supervising_organ_unknown"
    /// The bureau is named but has not been registered yet.
    case supervisingOrganNotRegistered = "supervising_organ_not_registered"
    /// The named organ belongs to another department than the stored field says: somebody must correct the registry.
    case departmentMismatch = "department_mismatch"
    case issuingOrganNotRegistered = "issuing_organ_not_registered"
}
