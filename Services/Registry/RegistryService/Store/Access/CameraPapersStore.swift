import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Rows of `camera_compliance`, and what a change of them leads to.
enum CameraPapersStore {
    struct Entry: Sendable {
        var papers: CameraPapers
        /// nil = undetermined: nobody has decided which rules the camera is under.
        var isPublicSafety: Bool?
    }

    static func entries(
        of cameras: [CameraID], _ executor: some PostgresExecutor
    ) async throws -> [CameraID: Entry] {
        let rows = try await executor.query(
            """
            SELECT k.id, p.hardware, p.privacy_statement_on, p.filing_number, p.filed_on,
                   (SELECT r.regime FROM camera_retention_policy r WHERE r.camera_id = k.id) AS regime
            FROM camera k LEFT JOIN camera_compliance p ON p.camera_id = k.id
            WHERE k.id = ANY(\(cameras)::text[])
            """
        ) { row -> (CameraID, Entry) in
            let regime: String? = try row["regime"]
            return (
                try row["id"],
                Entry(
                    papers: CameraPapers(
                        hardware: try row["hardware"], privacyStatementOn: try row["privacy_statement_on"],
                        filingNumber: try row["filing_number"], filedOn: try row["filed_on"]),
                    isPublicSafety: regime == "public_safety" ? true : regime == "internal" ? false : nil)
            )
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    private struct Fact: Encodable {
        let cameraId: CameraID
        let papers: CameraPapers
        let hardwareSwapped: Bool
    }

    /// Stores the papers; a swap of the hardware sends the camera back to pending. The camera afterwards.
    static func save(
        _ papers: CameraPapers, of id: CameraID, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Camera {
        guard var camera = try await CameraStore.lock(id, transaction),
            let old = try await entries(of: [id], transaction)[id]?.papers
        else { throw Problem.notFound }
        guard papers != old else { return camera }
        let isSwap = papers.isSwap(from: old) && camera.status != .pending
        try await transaction.execute(
            """
            INSERT INTO camera_compliance (camera_id, hardware, privacy_statement_on, filing_number, filed_on)
            VALUES (\(id), \(papers.hardware), \(papers.privacyStatementOn), \(papers.filingNumber),
                    \(papers.filedOn))
            ON CONFLICT (camera_id) DO UPDATE SET hardware = excluded.hardware,
                privacy_statement_on = excluded.privacy_statement_on, filing_number = excluded.filing_number,
                filed_on = excluded.filed_on
            """)
        if isSwap {
            camera.status = .pending
            try await CameraStore.save([camera], transaction)
        }
        try await transaction.record(
            "brightkitchen.registry.camera.papers-changed.v1", subject: camera.canteenId.rawValue,
            data: Fact(cameraId: id, papers: papers, hardwareSwapped: isSwap), context, occurredAt: now)
        if isSwap { try await transaction.publish(camera.statusChanged, context, occurredAt: now) }
        return camera
    }
}
