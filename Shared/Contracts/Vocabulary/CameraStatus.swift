/// State of a camera (domain §1.3): only `active` is shown to parents.
public enum CameraStatus: String, Codable, Hashable, CaseIterable, Sendable {
    /// waits for a person to check its first frame.
    case pending
    /// checked and delivering.
    case active
    /// delivering, with a fault.
    case degraded
    /// no signal.
    case offline
}
