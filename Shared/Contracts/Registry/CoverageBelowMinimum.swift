import Calendar

/// A camera recorded less than it must (art 9, 15 × 24 h). Online is never taken for recorded: this rests on the
/// segments that the recorder holds.
public struct CoverageBelowMinimum: Event {
    public static let type = "brightkitchen.registry.coverage.below-minimum.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Camera.
    public var cameraId: CameraID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// GB/T 2260 division.
    public var divisionCode: String
    /// The day that was computed, the last one of the window.
    public var day: LocalDate
    /// Why it is short, the first reason that applies.
    public var shortfall: RetentionShortfall
    /// Recorded on that day within operating time, whole seconds.
    public var recordedSeconds: Int
    /// Operating time of that day: from 00:00 to 24:00 less planned outages and the time before the camera was in
    /// use.
    public var operatingSeconds: Int
    /// Gaps of more than 60 s on that day.
    public var gaps: Int
    /// Days that recordings must be kept for this camera.
    public var windowDays: Int
    /// Recorded in these days.
    public var windowRecordedSeconds: Int
    /// Operating time in these days.
    public var windowOperatingSeconds: Int
    /// Least share of recorded in operating time, in thousandths.
    public var minimumPermille: Int

    public init(
        cameraId: CameraID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        divisionCode: String,
        day: LocalDate,
        shortfall: RetentionShortfall,
        recordedSeconds: Int,
        operatingSeconds: Int,
        gaps: Int,
        windowDays: Int,
        windowRecordedSeconds: Int,
        windowOperatingSeconds: Int,
        minimumPermille: Int
    ) {
        self.cameraId = cameraId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.divisionCode = divisionCode
        self.day = day
        self.shortfall = shortfall
        self.recordedSeconds = recordedSeconds
        self.operatingSeconds = operatingSeconds
        self.gaps = gaps
        self.windowDays = windowDays
        self.windowRecordedSeconds = windowRecordedSeconds
        self.windowOperatingSeconds = windowOperatingSeconds
        self.minimumPermille = minimumPermille
    }
}
