import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Review, hold and release: what happens to evidence between capture and disposal.
extension PatrolDesk {
    /// Evidence of an organ's area, for an officer who may decide about it; for others it does not exist.
    private func ownEvidence(
        _ id: EvidenceID, _ caller: Caller, _ transaction: PostgresTransaction
    ) async throws -> EvidenceRecord {
        guard let evidence = try await transaction.lockEvidence(id),
            let canteen = try await transaction.canteen(evidence.canteenId)
        else { throw Self.noEvidence }
        switch AccessPolicy().decide(caller.principal, .acceptRectification, on: canteen.resource) {
        case .allowed: break
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noEvidence
        }
        _ = try await officer(caller, transaction)
        // A verdict is published: it would announce a patrol that is still hidden.
        if let patrol = evidence.patrolId, let state = try await transaction.patrol(patrol)?.state, state.isOpen {
            throw Refusal.conflict(
                "patrol_open", zh: "巡查尚未提交，暂不能审核或保全其证据",
                en: "The patrol is not submitted yet: its evidence is decided about afterwards")
        }
        return evidence
    }

    /// A second person looks at it; `inadmissible` needs a reason.
    func reviewEvidence(
        _ id: EvidenceID, _ verdict: EvidenceVerdict, reason: String?, by caller: Caller
    ) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await inTransaction { transaction in
            let evidence = try await ownEvidence(id, caller, transaction)
            try evidence.lifecycle.checkReview(verdict, reason: reason, by: caller.person)
            try await transaction.execute(
                """
                UPDATE evidence SET verdict = \(verdict), verdict_reason = \(reason), reviewed_by = \(caller.person),
                    reviewed_at = \(now) WHERE evidence_id = \(id)
                """)
            try await transaction.appendCustody(
                .reviewed, id, actor: caller.context.actor.rawValue, at: now,
                note: [verdict.rawValue, reason].compactMap { $0 }.joined(separator: ": "))
            try await transaction.publish(
                EvidenceReviewed(
                    evidenceId: id, canteenId: evidence.canteenId, verdict: verdict.rawValue, reason: reason,
                    reviewedAt: now),
                caller.context, occurredAt: now)
        }
    }

    func holdEvidence(_ id: EvidenceID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await inTransaction { transaction in
            let evidence = try await ownEvidence(id, caller, transaction)
            try evidence.lifecycle.checkHold(reason: reason)
            try await hold(evidence, reason: reason ?? "", caller.context, at: now, transaction)
        }
    }

    /// The hold itself; a referral places it without being asked.
    func hold(
        _ evidence: EvidenceRecord, reason: String, _ context: EventContext, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE evidence SET held_at = \(now), hold_reason = \(reason), released_at = NULL
            WHERE evidence_id = \(evidence.evidenceId)
            """)
        try await transaction.appendCustody(
            .held, evidence.evidenceId, actor: context.actor.rawValue, at: now, note: reason)
        try await transaction.publish(
            EvidenceHeld(
                evidenceId: evidence.evidenceId, canteenId: evidence.canteenId, reason: reason, heldAt: now),
            context, occurredAt: now)
    }

    func releaseEvidence(_ id: EvidenceID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await inTransaction { transaction in
            let evidence = try await ownEvidence(id, caller, transaction)
            try evidence.lifecycle.checkRelease(reason: reason)
            try await transaction.execute("UPDATE evidence SET released_at = \(now) WHERE evidence_id = \(id)")
            try await transaction.appendCustody(
                .released, id, actor: caller.context.actor.rawValue, at: now, note: reason)
            try await transaction.publish(
                EvidenceReleased(
                    evidenceId: id, canteenId: evidence.canteenId, reason: reason ?? "", releasedAt: now),
                caller.context, occurredAt: now)
        }
    }

    /// Everything known about a piece of evidence but its bytes, for those who may see them.
    func evidenceFile(
        _ id: EvidenceID, for caller: Caller
    ) async throws -> (evidence: EvidenceRecord, canteen: CanteenRecord, custody: [CustodyRecord]) {
        let (evidence, canteen) = try await visibleEvidence(id, caller)
        return (evidence, canteen, try await pool.custody(of: id))
    }

    /// A reason that goes into the journal: bounded, without identity or telephone numbers.
    func screenReason(_ reason: String?, field: String = "reason", maximum: Int = 1000) throws {
        guard let reason else { return }
        guard reason.count <= maximum else {
            throw Refusal.input(
                "too_long", field: field, zh: "不得超过 \(maximum) 字", en: "At most \(maximum) characters")
        }
        try PersonalDataScreen.check(field: field, text: reason)
    }
}
