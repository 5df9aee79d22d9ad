/// What a platform says about a camera at one moment.
public enum ReportedSignal: UInt8, Hashable, Sendable {
    case ok
    case degraded
    case lost

    var state: SignalState {
        switch self {
        case .ok: .ok
        case .degraded: .degraded
        case .lost: .lost
        }
    }
}
