import Calendar
import Contracts

/// What may happen to a piece of evidence, from the facts that are stored about it. Pure.
///
/// The facts are independent of each other (evidence may be reviewed and held and attached); `state` names the furthest.
struct EvidenceLifecycle: Hashable, Sendable {
    var verdict: EvidenceVerdict?
    var isAttached: Bool
    var isHeld: Bool
    var wasReleased: Bool
    var isDisposed: Bool
    /// A referral rests on it: the verdict is final.
    var isReferred: Bool
    var capturedBy: PersonID

    var state: EvidenceState {
        if isDisposed { return .disposed }
        if isHeld { return .held }
        if wasReleased { return .released }
        if isAttached { return .attached }
        return verdict == nil ? .sealed : .reviewed
    }

    /// No one reviews what they captured themselves; a verdict may be revised until a referral rests on it.
    func checkReview(_ verdict: EvidenceVerdict, reason: String?, by person: PersonID) throws(Refusal) {
        try checkThere()
        guard person != capturedBy else {
            throw .forbidden("own_work", zh: "取证人不得审核自己取得的证据", en: "No one reviews evidence they captured")
        }
        guard !isReferred else {
            throw .conflict(
                "evidence_referred", zh: "证据已用于立案移送，审核结论不能再更改",
                en: "A referral rests on this evidence: its verdict is final")
        }
        guard verdict == .admissible || !reason.isBlank else {
            throw .input(
                "reason_required", field: "reason", zh: "不予采用须说明原因", en: "Say why it is inadmissible")
        }
    }

    func checkHold(reason: String?) throws(Refusal) {
        try checkThere()
        guard !isHeld else { throw .conflict("already_held", zh: "证据已在保全中", en: "It is held already") }
        guard !reason.isBlank else {
            throw .input("reason_required", field: "reason", zh: "保全须说明原因", en: "Say why it is held")
        }
    }

    func checkRelease(reason: String?) throws(Refusal) {
        try checkThere()
        guard isHeld else { throw .conflict("not_held", zh: "证据不在保全中", en: "It is not held") }
        guard !reason.isBlank else {
            throw .input("reason_required", field: "reason", zh: "解除保全须说明原因", en: "Say why it is released")
        }
    }

    /// Retention is over only for evidence that nobody holds and no open problem rests on.
    func mayDispose(capturedOn day: LocalDate, today: LocalDate, openProblems: Int, rules: RuleSet) -> Bool {
        guard !isDisposed, !isHeld, openProblems == 0 else { return false }
        let days = isAttached ? rules.evidenceRetentionDays : rules.looseEvidenceRetentionDays
        return today.daysSinceEpoch - day.daysSinceEpoch > days
    }

    private func checkThere() throws(Refusal) {
        guard !isDisposed else {
            throw .conflict("evidence_disposed", zh: "证据已按期处置", en: "The evidence was disposed of")
        }
    }
}
