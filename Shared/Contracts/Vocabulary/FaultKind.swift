/// What is wrong with a device (art 9).
public enum FaultKind: String, Codable, Hashable, CaseIterable, Sendable {
    /// 信号丢失.
    case signalLost = "signal_lost"
    /// 反复抖动.
    case flapping
    /// 时钟不准.
    case clockOff = "clock_off"
    /// 录像不足.
    case recordingShort = "recording_short"
    /// 大面积掉线.
    case massOutage = "mass_outage"
}
