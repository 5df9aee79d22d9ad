import Calendar

/// Somebody began to watch a camera.
public struct ViewStarted: Event {
    public static let type = "brightkitchen.parent-access.view.started.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var sessionId: ViewSessionID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Camera.
    public var cameraId: CameraID
    /// Pseudonymous id of the viewer.
    public var viewer: String
    /// parent, school, regulator or bureau.
    public var viewerKind: String
    /// Reason code for staff viewing.
    public var reason: String?
    /// Time.
    public var startedAt: Instant

    public init(
        sessionId: ViewSessionID,
        canteenId: CanteenID,
        cameraId: CameraID,
        viewer: String,
        viewerKind: String,
        reason: String? = nil,
        startedAt: Instant
    ) {
        self.sessionId = sessionId
        self.canteenId = canteenId
        self.cameraId = cameraId
        self.viewer = viewer
        self.viewerKind = viewerKind
        self.reason = reason
        self.startedAt = startedAt
    }
}
