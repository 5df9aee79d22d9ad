import Calendar
import Contracts
import Foundation
import Journal
import Postgres

/// What became of the picture that came with an alert.
enum AlertPicture: Hashable, Sendable {
    /// In the vault; recorded as evidence with the alert.
    case kept(EvidenceVault.Sealed, mediaType: String)
    case refused
    /// The storage could not be reached: the alert is more urgent than its picture.
    case failed

    var name: String {
        switch self {
        case .kept: "kept"
        case .refused: "refused"
        case .failed: "failed"
        }
    }

    static func keep(_ bytes: Data, in vault: EvidenceVault) async throws -> AlertPicture {
        let format = PhotographIntake.Format(sniffing: bytes)
        do {
            return .kept(try await vault.store(bytes), mediaType: format == .png ? "image/png" : "image/jpeg")
        } catch let refusal as Refusal where refusal.kind == .unavailable {
            return .failed
        }
    }
}

extension PostgresTransaction {
    /// The vendor's picture as evidence of the alert: sealed in the journal, log-only. No school hears of it before the alert
    /// is confirmed; then `evidence.sealed` follows.
    func recordPicture(
        _ signal: AlertSignal, of alert: AlertID, _ context: EventContext, at now: Instant
    ) async throws {
        guard case .kept(let sealed, let mediaType) = signal.picture else { return }
        var evidence = EvidenceRecord(
            evidenceId: .new(), kind: .still, canteenId: signal.canteen.canteenId, schoolId: signal.canteen.schoolId,
            zone: signal.zone, cameraId: signal.cameraId, mediaType: mediaType, sealed: sealed, thumbnailHash: nil,
            cameraTime: signal.at, serverTime: now, capturedBy: PersonID(rawValue: context.actor.rawValue))
        evidence.alertId = alert
        try await insert(evidence)
        try await appendCustody(
            .sealed, evidence.evidenceId, actor: context.actor.rawValue, at: now, note: evidence.hash)
        let entry = try await record(
            "brightkitchen.patrol.evidence.captured.v1", subject: evidence.evidenceId.rawValue, data: evidence.event,
            context, occurredAt: now)
        try await execute(
            "UPDATE evidence SET seal_event_id = \(entry) WHERE evidence_id = \(evidence.evidenceId)")
    }
}

extension PostgresExecutor {
    func evidence(ofAlert alert: AlertID) async throws -> [EvidenceRecord] {
        try await query(
            """
            SELECT \(EvidenceRecord.columns) FROM evidence WHERE alert_id = \(alert) ORDER BY server_time, evidence_id
            """, EvidenceRecord.init)
    }
}
