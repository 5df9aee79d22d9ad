import Calendar

/// A view ended.
public struct ViewEnded: Event {
    public static let type = "brightkitchen.parent-access.view.ended.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var sessionId: ViewSessionID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Camera.
    public var cameraId: CameraID
    /// What ended it.
    public var endedBy: ViewEnd
    /// Time.
    public var endedAt: Instant

    public init(
        sessionId: ViewSessionID,
        canteenId: CanteenID,
        cameraId: CameraID,
        endedBy: ViewEnd,
        endedAt: Instant
    ) {
        self.sessionId = sessionId
        self.canteenId = canteenId
        self.cameraId = cameraId
        self.endedBy = endedBy
        self.endedAt = endedAt
    }
}
