import Calendar

/// All cameras of an incident are back, or were taken over by faults of their own.
public struct IncidentEnded: Event {
    public static let type = "brightkitchen.registry.incident.ended.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { scopeKey }
    public var subject: String { scopeKey }

    /// Stable id of the incident.
    public var incidentId: IncidentID
    /// The canteen; for an incident of a whole division its six-digit code. Partition key.
    public var scopeKey: String
    /// How far it reaches.
    public var scope: IncidentScope
    /// Canteen; absent for a whole division.
    public var canteenId: CanteenID?
    /// GB/T 2260 division.
    public var divisionCode: String
    /// Cameras that were lost together.
    public var cameras: Int
    /// Canteens that they look at.
    public var canteens: Int
    /// When the first of them was lost.
    public var startedAt: Instant
    /// When it ended.
    public var endedAt: Instant

    public init(
        incidentId: IncidentID,
        scopeKey: String,
        scope: IncidentScope,
        canteenId: CanteenID?,
        divisionCode: String,
        cameras: Int,
        canteens: Int,
        startedAt: Instant,
        endedAt: Instant
    ) {
        self.incidentId = incidentId
        self.scopeKey = scopeKey
        self.scope = scope
        self.canteenId = canteenId
        self.divisionCode = divisionCode
        self.cameras = cameras
        self.canteens = canteens
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}
