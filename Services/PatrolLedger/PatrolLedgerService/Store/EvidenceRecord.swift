import Calendar
import Contracts
import Postgres

/// A sealed original and what is known about it.
struct EvidenceRecord: Hashable, Sendable {
    var evidenceId: EvidenceID
    var kind: EvidenceKind
    var canteenId: CanteenID
    var schoolId: SchoolID
    var patrolId: PatrolID?
    var zone: ZoneCode?
    var cameraId: CameraID?
    /// The problem a school's photograph was uploaded for.
    var forProblemId: ProblemID?
    /// The machine's alert it came with.
    var alertId: AlertID?
    var mediaType: String
    var byteCount: Int
    var hash: String
    var thumbnailHash: String?
    var cameraTime: Instant?
    var serverTime: Instant
    var capturedBy: PersonID
    /// `ok` or `failed`: the last re-hash of the file.
    var integrity: String
    var verdict: EvidenceVerdict?
    var verdictReason: String?
    var reviewedAt: Instant?
    var heldAt: Instant?
    var holdReason: String?
    var releasedAt: Instant?
    var disposedAt: Instant?
    /// A problem rests on it.
    var isAttached: Bool
    /// A problem that was referred to a case (立案) rests on it.
    var isReferred: Bool

    static let columns: SQL = """
        evidence.evidence_id, evidence.kind, evidence.canteen_id, evidence.school_id, evidence.patrol_id, evidence.zone,
        evidence.camera_id, evidence.for_problem_id, evidence.alert_id, evidence.media_type, evidence.byte_count, evidence.hash,
        evidence.thumbnail_hash, evidence.camera_time, evidence.server_time, evidence.captured_by, evidence.integrity,
        evidence.verdict, evidence.verdict_reason, evidence.reviewed_at, evidence.held_at, evidence.hold_reason,
        evidence.released_at, evidence.disposed_at,
        EXISTS (SELECT FROM problem_evidence a WHERE a.evidence_id = evidence.evidence_id) AS is_attached,
        EXISTS (SELECT FROM problem_evidence a JOIN problem r USING (problem_id)
            WHERE a.evidence_id = evidence.evidence_id AND r.outcome = 'referred_to_case') AS is_referred
        """

    init(
        evidenceId: EvidenceID, kind: EvidenceKind, canteenId: CanteenID, schoolId: SchoolID, patrolId: PatrolID? = nil,
        zone: ZoneCode? = nil, cameraId: CameraID? = nil, forProblemId: ProblemID? = nil, mediaType: String,
        sealed: EvidenceVault.Sealed, thumbnailHash: String?, cameraTime: Instant?, serverTime: Instant,
        capturedBy: PersonID
    ) {
        self.evidenceId = evidenceId
        self.kind = kind
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.patrolId = patrolId
        self.zone = zone
        self.cameraId = cameraId
        self.forProblemId = forProblemId
        self.mediaType = mediaType
        byteCount = sealed.byteCount
        hash = sealed.hash
        self.thumbnailHash = thumbnailHash
        self.cameraTime = cameraTime
        self.serverTime = serverTime
        self.capturedBy = capturedBy
        integrity = "ok"
        isAttached = false
        isReferred = false
    }

    @Sendable init(_ row: Row) throws {
        evidenceId = try row["evidence_id"]
        kind = try row["kind"]
        canteenId = try row["canteen_id"]
        schoolId = try row["school_id"]
        patrolId = try row["patrol_id"]
        zone = try row["zone"]
        cameraId = try row["camera_id"]
        forProblemId = try row["for_problem_id"]
        alertId = try row["alert_id"]
        mediaType = try row["media_type"]
        byteCount = try row["byte_count"]
        hash = try row["hash"]
        thumbnailHash = try row["thumbnail_hash"]
        cameraTime = try row["camera_time"]
        serverTime = try row["server_time"]
        capturedBy = try row["captured_by"]
        integrity = try row["integrity"]
        verdict = try row["verdict"]
        verdictReason = try row["verdict_reason"]
        reviewedAt = try row["reviewed_at"]
        heldAt = try row["held_at"]
        holdReason = try row["hold_reason"]
        releasedAt = try row["released_at"]
        disposedAt = try row["disposed_at"]
        isAttached = try row["is_attached"]
        isReferred = try row["is_referred"]
    }

    var isHeld: Bool {
        guard let heldAt else { return false }
        return releasedAt.map { $0 < heldAt } ?? true
    }

    var lifecycle: EvidenceLifecycle {
        EvidenceLifecycle(
            verdict: verdict, isAttached: isAttached, isHeld: isHeld, wasReleased: releasedAt != nil,
            isDisposed: disposedAt != nil, isReferred: isReferred, capturedBy: capturedBy)
    }

    var reference: EvidenceReference { EvidenceReference(evidenceId: evidenceId, kind: kind, hash: hash) }

    /// Server time − camera time; nil where the camera time is unknown.
    var offsetMilliseconds: Int? { cameraTime.map { Int((serverTime - $0).microseconds / 1000) } }

    var event: EvidenceSealed {
        EvidenceSealed(
            evidenceId: evidenceId, canteenId: canteenId, cameraId: cameraId, kind: kind, mediaType: mediaType,
            byteCount: byteCount, hashAlgorithm: EvidenceVault.algorithm, hash: hash, cameraTime: cameraTime,
            serverTime: serverTime)
    }
}

extension PostgresExecutor {
    func evidence(_ id: EvidenceID) async throws -> EvidenceRecord? {
        try await first("SELECT \(EvidenceRecord.columns) FROM evidence WHERE evidence_id = \(id)", EvidenceRecord.init)
    }

    func lockEvidence(_ id: EvidenceID) async throws -> EvidenceRecord? {
        try await first(
            "SELECT \(EvidenceRecord.columns) FROM evidence WHERE evidence_id = \(id) FOR UPDATE OF evidence",
            EvidenceRecord.init)
    }

    func evidence(ofPatrol patrol: PatrolID) async throws -> [EvidenceRecord] {
        try await query(
            "SELECT \(EvidenceRecord.columns) FROM evidence WHERE patrol_id = \(patrol) ORDER BY server_time, evidence_id",
            EvidenceRecord.init)
    }

    /// Photographs of a school that were uploaded for a problem but are not yet part of a submitted rectification.
    func waitingPhotographs(of problem: ProblemID) async throws -> [EvidenceRecord] {
        try await query(
            """
            SELECT \(EvidenceRecord.columns) FROM evidence WHERE for_problem_id = \(problem)
                AND NOT EXISTS (SELECT 1 FROM problem_evidence p WHERE p.evidence_id = evidence.evidence_id)
            ORDER BY server_time, evidence_id
            """, EvidenceRecord.init)
    }

    /// Evidence a problem rests on, or what the school showed, by round.
    func evidence(ofProblem problem: ProblemID) async throws -> [(
        purpose: String, round: Int, evidence: EvidenceRecord
    )] {
        try await query(
            """
            SELECT p.purpose, p.round, \(EvidenceRecord.columns)
            FROM problem_evidence p JOIN evidence ON evidence.evidence_id = p.evidence_id
            WHERE p.problem_id = \(problem) ORDER BY p.round, evidence.server_time, evidence.evidence_id
            """
        ) { (purpose: try $0["purpose"] as String, round: try $0["round"] as Int, evidence: try EvidenceRecord($0)) }
    }
}

extension PostgresTransaction {
    func insert(_ evidence: EvidenceRecord) async throws {
        try await execute(
            """
            INSERT INTO evidence (evidence_id, kind, canteen_id, school_id, patrol_id, zone, camera_id, for_problem_id, media_type,
                byte_count, hash_algorithm, hash, thumbnail_hash, camera_time, server_time, offset_milliseconds, captured_by,
                alert_id)
            VALUES (\(evidence.evidenceId), \(evidence.kind), \(evidence.canteenId), \(evidence.schoolId), \(evidence.patrolId),
                \(evidence.zone), \(evidence.cameraId), \(evidence.forProblemId), \(evidence.mediaType), \(evidence.byteCount),
                \(EvidenceVault.algorithm), \(evidence.hash), \(evidence.thumbnailHash), \(evidence.cameraTime),
                \(evidence.serverTime), \(evidence.offsetMilliseconds), \(evidence.capturedBy), \(evidence.alertId))
            """)
    }
}
