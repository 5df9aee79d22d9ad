import Calendar
import Contracts
import Postgres

/// A zone's checklist as stored.
struct SheetRecord: Hashable, Sendable {
    var canteenId: CanteenID
    var zone: ZoneCode
    var submittedAt: Instant?
    var findings: [ItemFinding]
    /// Items that already became problems (notified before the patrol was submitted).
    var problemIds: [String: ProblemID]

    /// When the content was filled in on the device, where the device told; nil = as it came in.
    var enteredAt: Instant?
    /// When this content came in first.
    var receivedAt: Instant

    var isSubmitted: Bool { submittedAt != nil }
    /// 补录: it came in later than it was filled in (the connection was away).
    var isLate: Bool { SheetTimes(enteredAt: enteredAt, receivedAt: receivedAt).isLate }
    var sheet: ZoneSheet { ZoneSheet(zone: zone, findings: findings) }
}

extension PostgresExecutor {
    func sheets(of patrol: PatrolID) async throws -> [SheetRecord] {
        let sheets = try await query(
            """
            SELECT canteen_id, zone, submitted_at, entered_at, coalesce(received_at, saved_at) AS received_at
            FROM zone_sheet WHERE patrol_id = \(patrol) ORDER BY canteen_id, zone
            """
        ) { row in
            SheetRecord(
                canteenId: try row["canteen_id"], zone: try row["zone"], submittedAt: try row["submitted_at"],
                findings: [], problemIds: [:], enteredAt: try row["entered_at"], receivedAt: try row["received_at"])
        }
        let findings = try await query(
            """
            SELECT canteen_id, zone, item_code, result, note, no_evidence_reason, severity, evidence_ids, problem_id
            FROM item_finding WHERE patrol_id = \(patrol) ORDER BY canteen_id, item_code
            """
        ) { row -> (CanteenID, ZoneCode, ItemFinding, ProblemID?) in
            let evidence: [String] = try row["evidence_ids"]
            let finding = ItemFinding(
                code: try row["item_code"], result: try row["result"], note: try row["note"],
                noEvidenceReason: try row["no_evidence_reason"], severity: try row["severity"],
                evidenceIds: evidence.map(EvidenceID.init(rawValue:)))
            return (try row["canteen_id"], try row["zone"], finding, try row["problem_id"])
        }
        return sheets.map { sheet in
            var sheet = sheet
            for (canteen, zone, finding, problem) in findings where canteen == sheet.canteenId && zone == sheet.zone {
                sheet.findings.append(finding)
                if let problem { sheet.problemIds[finding.code] = problem }
            }
            return sheet
        }
    }
}

extension PostgresTransaction {
    /// Replaces what was entered for the zone. Rows that already became problems keep their violation.
    func saveSheet(
        patrol: PatrolID, canteen: CanteenID, sheet: ZoneSheet, by person: PersonID, at now: Instant, submitted: Bool,
        times: SheetTimes
    ) async throws {
        try await execute(
            """
            INSERT INTO zone_sheet (patrol_id, canteen_id, zone, submitted_at, submitted_by, saved_at, saved_by,
                entered_at, received_at)
            VALUES (\(patrol), \(canteen), \(sheet.zone), \(submitted ? now : nil), \(submitted ? person : nil), \(now),
                \(person), \(times.enteredAt), \(times.receivedAt))
            ON CONFLICT (patrol_id, canteen_id, zone) DO UPDATE SET submitted_at = excluded.submitted_at,
                submitted_by = excluded.submitted_by, saved_at = excluded.saved_at, saved_by = excluded.saved_by,
                entered_at = excluded.entered_at, received_at = excluded.received_at
            """)
        for finding in sheet.findings {
            try await execute(
                """
                INSERT INTO item_finding (patrol_id, canteen_id, zone, item_code, result, note, no_evidence_reason, severity,
                    evidence_ids)
                VALUES (\(patrol), \(canteen), \(sheet.zone), \(finding.code), \(finding.result), \(finding.note),
                    \(finding.noEvidenceReason), \(finding.severity), \(finding.evidenceIds))
                ON CONFLICT (patrol_id, canteen_id, item_code) DO UPDATE SET result = excluded.result, note = excluded.note,
                    no_evidence_reason = excluded.no_evidence_reason, severity = excluded.severity,
                    evidence_ids = excluded.evidence_ids
                WHERE item_finding.problem_id IS NULL
                """)
        }
    }

    func linkFinding(patrol: PatrolID, canteen: CanteenID, item: String, to problem: ProblemID) async throws {
        try await execute(
            """
            UPDATE item_finding SET problem_id = \(problem)
            WHERE patrol_id = \(patrol) AND canteen_id = \(canteen) AND item_code = \(item)
            """)
    }
}
