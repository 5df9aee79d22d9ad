/// One report about one camera. Times in microseconds since 1970.
public struct SignalSample: Hashable, Sendable {
    public var camera: CameraKey
    public var at: Int64
    public var signal: ReportedSignal
    /// The camera's own time minus the platform's; nil where the platform does not tell it.
    public var clockOffset: Int64?
    /// The oldest recording that the recorder still keeps; nil where not told.
    public var oldestRecording: Int64?

    public init(
        camera: CameraKey, at: Int64, signal: ReportedSignal, clockOffset: Int64? = nil, oldestRecording: Int64? = nil
    ) {
        self.camera = camera
        self.at = at
        self.signal = signal
        self.clockOffset = clockOffset
        self.oldestRecording = oldestRecording
    }
}
