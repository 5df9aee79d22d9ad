import Calendar
import Contracts
import Journal
import Postgres

/// Device faults and the steps of their repair.
enum FaultStore {
    struct Step: Sendable {
        let state: DeviceFaultState
        let actor: String
        let at: Instant
        let note: String?
        let responsible: PersonID?
    }

    static let columns: SQL = """
        f.id, f.kind, f.camera_id, f.canteen_id, c.institution_id, f.division_code, f.incident_id, f.state,
        f.detected_at, f.changed_at, f.responsible, f.recovered_at, f.closed_at, f.escalated_at, f.version
        """
    static let source: SQL = "FROM device_fault f LEFT JOIN canteen c ON c.id = f.canteen_id"

    static func decode(_ row: Row) throws -> DeviceFault {
        DeviceFault(
            id: try row["id"], kind: try row["kind"], cameraId: try row["camera_id"], canteenId: try row["canteen_id"],
            schoolId: try row["institution_id"], divisionCode: try row["division_code"],
            incidentId: try row["incident_id"], state: try row["state"], detectedAt: try row["detected_at"],
            changedAt: try row["changed_at"], responsible: try row["responsible"], recoveredAt: try row["recovered_at"],
            closedAt: try row["closed_at"], escalatedAt: try row["escalated_at"], version: try row["version"])
    }

    /// A fault as the machine finds it.
    struct Finding: Hashable, Sendable {
        var kind: FaultKind
        var camera: CameraID?
        var canteen: CanteenID?
        var division: String
        var incident: IncidentID?
    }

    /// Opens what is not open yet; a fault that had recovered and was not closed begins again. Found twice is one fault.
    static func open(
        _ findings: [Finding], _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        var opened: [FaultID] = []
        for finding in findings {
            let id = try await transaction.first(
                """
                INSERT INTO device_fault (id, kind, camera_id, canteen_id, division_code, incident_id, state, detected_at,
                                          changed_at)
                VALUES (\(FaultID.new()), \(finding.kind), \(finding.camera), \(finding.canteen), \(finding.division),
                        \(finding.incident), 'detected', \(now), \(now))
                ON CONFLICT (camera_id, kind) WHERE state <> 'closed' AND camera_id IS NOT NULL
                DO UPDATE SET state = 'detected', detected_at = \(now), changed_at = \(now), recovered_at = NULL,
                              escalated_at = NULL, version = device_fault.version + 1
                    WHERE device_fault.state = 'recovered'
                RETURNING id
                """
            ) { row -> FaultID in try row["id"] }
            if let id { opened.append(id) }
        }
        let faults = try await find(opened, transaction)
        for fault in faults {
            try await addStep(fault, actor: context.actor.rawValue, note: nil, transaction)
        }
        try await transaction.publish(faults.map(\.detected), context, occurredAt: now)
    }

    static func find(_ ids: [FaultID], _ executor: some PostgresExecutor) async throws -> [DeviceFault] {
        guard !ids.isEmpty else { return [] }
        return try await executor.query(
            "SELECT \(columns) \(source) WHERE f.id = ANY(\(ids)::text[]) ORDER BY f.id", decode)
    }

    static func lock(_ id: FaultID, _ transaction: PostgresTransaction) async throws -> DeviceFault? {
        try await transaction.first("SELECT \(columns) \(source) WHERE f.id = \(id) FOR UPDATE OF f", decode)
    }

    /// The trouble is over: open faults of these kinds recover by themselves.
    static func recover(
        _ ended: [(camera: CameraID, kind: FaultKind)], _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        guard !ended.isEmpty else { return }
        let faults = try await transaction.query(
            """
            SELECT \(columns) \(source)
            JOIN unnest(\(ended.map(\.camera))::text[], \(ended.map(\.kind))::text[]) AS k (camera_id, kind)
                ON k.camera_id = f.camera_id AND k.kind = f.kind
            WHERE f.state IN ('detected', 'confirmed', 'assigned', 'repairing') ORDER BY f.id FOR UPDATE OF f
            """, decode)
        for fault in faults { try await move(fault, to: .recovered, context, now: now, transaction) }
    }

    static func recover(
        incident: IncidentID, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let faults = try await transaction.query(
            """
            SELECT \(columns) \(source) WHERE f.incident_id = \(incident)
                AND f.state IN ('detected', 'confirmed', 'assigned', 'repairing') FOR UPDATE OF f
            """, decode)
        for fault in faults { try await move(fault, to: .recovered, context, now: now, transaction) }
    }

    /// One step on, with its entry in the history and its event. The fault after it.
    @discardableResult
    static func move(
        _ fault: DeviceFault, to state: DeviceFaultState, responsible: PersonID? = nil, note: String? = nil,
        _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> DeviceFault {
        var fault = fault
        fault.state = state
        fault.changedAt = now
        fault.version += 1
        if let responsible { fault.responsible = responsible }
        if state == .recovered { fault.recoveredAt = now }
        if state == .closed { fault.closedAt = now }
        try await transaction.execute(
            """
            UPDATE device_fault SET state = \(fault.state), changed_at = \(now), version = \(fault.version),
                responsible = \(fault.responsible), recovered_at = \(fault.recoveredAt), closed_at = \(fault.closedAt)
            WHERE id = \(fault.id)
            """)
        try await addStep(fault, actor: context.actor.rawValue, note: note, transaction)
        try await transaction.publish(fault.stateChanged, context, occurredAt: now)
        return fault
    }

    private static func addStep(
        _ fault: DeviceFault, actor: String, note: String?, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO device_fault_step (fault_id, number, state, actor, at, note, responsible)
            SELECT \(fault.id), coalesce(max(number), 0) + 1, \(fault.state), \(actor), \(fault.changedAt),
                   \(note), \(fault.responsible)
            FROM device_fault_step WHERE fault_id = \(fault.id)
            """)
    }

    static func steps(of id: FaultID, _ executor: some PostgresExecutor) async throws -> [Step] {
        try await executor.query(
            """
            SELECT state, actor, at, note, responsible FROM device_fault_step WHERE fault_id = \(id) ORDER BY number
            """
        ) { row in
            Step(
                state: try row["state"], actor: try row["actor"], at: try row["at"], note: try row["note"],
                responsible: try row["responsible"])
        }
    }

    /// Cameras with open faults that the monitor looks after.
    static func open(_ executor: some PostgresExecutor) async throws -> [(CameraID, FaultKind)] {
        try await executor.query(
            """
            SELECT camera_id, kind FROM device_fault
            WHERE camera_id IS NOT NULL AND state IN ('detected', 'confirmed', 'assigned', 'repairing')
            """
        ) { (try $0["camera_id"], try $0["kind"]) }
    }

    /// Faults that wait for longer than they may: told to the regulator, once each. Returns how many.
    static func escalate(
        detectedBefore: Instant, limit: Int, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Int {
        let faults = try await transaction.query(
            """
            SELECT \(columns) \(source)
            WHERE f.state IN ('detected', 'confirmed', 'assigned', 'repairing') AND f.escalated_at IS NULL
                AND f.detected_at <= \(detectedBefore)
            ORDER BY f.detected_at, f.id LIMIT \(limit) FOR UPDATE OF f SKIP LOCKED
            """, decode)
        guard !faults.isEmpty else { return 0 }
        try await transaction.execute(
            "UPDATE device_fault SET escalated_at = \(now) WHERE id = ANY(\(faults.map(\.id))::text[])")
        try await transaction.publish(faults.map { $0.escalated(at: now) }, context, occurredAt: now)
        return faults.count
    }

    /// Faults that recovered by themselves before anybody confirmed them need nobody to close them.
    static func closeUnconfirmed(
        recoveredBefore: Instant, limit: Int, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Int {
        let faults = try await transaction.query(
            """
            SELECT \(columns) \(source) WHERE f.state = 'recovered' AND f.recovered_at <= \(recoveredBefore)
                AND NOT EXISTS (SELECT FROM device_fault_step s WHERE s.fault_id = f.id AND s.state = 'confirmed')
            ORDER BY f.id LIMIT \(limit) FOR UPDATE OF f SKIP LOCKED
            """, decode)
        for fault in faults { try await move(fault, to: .closed, context, now: now, transaction) }
        return faults.count
    }
}
