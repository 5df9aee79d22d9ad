import Calendar

/// A device fault is older than 24 hours and not recovered: the regulator is told, once.
public struct FaultEscalated: Event {
    public static let type = "brightkitchen.registry.fault.escalated.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { scopeKey }
    public var subject: String { scopeKey }

    /// Stable id of the fault.
    public var faultId: FaultID
    /// The canteen; for an incident of a whole division its six-digit code. Partition key.
    public var scopeKey: String
    /// What is wrong.
    public var kind: FaultKind
    /// Camera; absent for a fault of several cameras.
    public var cameraId: CameraID?
    /// Canteen; absent for an incident of a whole division.
    public var canteenId: CanteenID?
    /// Institution of that canteen.
    public var schoolId: SchoolID?
    /// GB/T 2260 division.
    public var divisionCode: String
    /// Incident that the fault belongs to.
    public var incidentId: IncidentID?
    /// When the fault was detected.
    public var detectedAt: Instant
    /// State in which it waits.
    public var state: DeviceFaultState
    /// Time of the escalation.
    public var escalatedAt: Instant

    public init(
        faultId: FaultID,
        scopeKey: String,
        kind: FaultKind,
        cameraId: CameraID?,
        canteenId: CanteenID?,
        schoolId: SchoolID?,
        divisionCode: String,
        incidentId: IncidentID?,
        detectedAt: Instant,
        state: DeviceFaultState,
        escalatedAt: Instant
    ) {
        self.faultId = faultId
        self.scopeKey = scopeKey
        self.kind = kind
        self.cameraId = cameraId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.divisionCode = divisionCode
        self.incidentId = incidentId
        self.detectedAt = detectedAt
        self.state = state
        self.escalatedAt = escalatedAt
    }
}
