/// What is known of a camera's signal at a time.
public enum SignalState: String, Codable, Hashable, CaseIterable, Sendable {
    /// Pictures arrive.
    case ok
    /// Pictures arrive, with a fault that the platform names (frozen, dark, wrong bit rate).
    case degraded
    /// 信号丢失: no pictures.
    case lost
    /// 反复抖动: comes and goes; neither is believed until it stays.
    case flapping
    /// Nobody reports. Not the same as ok.
    case unknown

    /// Pictures could be seen at that time.
    public var hasPicture: Bool { self == .ok || self == .degraded }
}
