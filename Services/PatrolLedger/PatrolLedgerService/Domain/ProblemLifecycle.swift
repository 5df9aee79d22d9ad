import Contracts

/// Who acts on a problem, as the life cycle needs to know it.
enum ProblemActor: Hashable, Sendable {
    case school(PersonID)
    case organ(PersonID)
    case service
}

/// What somebody wants to do with a problem.
enum ProblemCommand: Hashable, Sendable {
    case notify
    case acknowledge
    case startRectification
    case submitRectification(cause: String?, measure: String?, prevention: String?)
    case returnRectification(reason: String?)
    case accept
    /// A self-found problem is confirmed by a second person of the school (art 8: 学校自行整改).
    case confirm
    case changeSeverity(to: Int, reason: String?)
    case extend(reason: String?)
    /// Side exits: each a reasoned end (art 2).
    case refer(reason: String?, evidence: [EvidenceVerdict?])
    case falsePositive(reason: String?)
    case merge(reason: String?)
    case withdraw(reason: String?)
}

/// A step that the life cycle took; each becomes a line of the timeline and, where one exists, an event.
enum ProblemStep: String, Codable, Hashable, Sendable {
    case found
    case notified
    case acknowledged
    case rectifying
    case submitted
    case returned
    case accepted
    case closed
    case severityChanged = "severity_changed"
    case extended
    case overdue
    case recurred
    case referred
    case falsePositive = "false_positive"
    case merged
    /// A first person asks; a second person makes it `withdrawn`.
    case withdrawalRequested = "withdrawal_requested"
    case withdrawn
    case integrityFailed = "integrity_failed"
}

/// The state machine of a problem: pure, returns the steps to take or says why not.
struct ProblemLifecycle: Hashable, Sendable {
    var state: ProblemState
    var severity: Int
    /// Who wrote the latest rectification; that person may never accept it.
    var rectifiedBy: PersonID?
    var origin: ProblemOrigin
    /// The deadline was extended before: it is only once.
    var isExtended: Bool
    /// Who asked for the withdrawal, while it waits for a second person.
    var withdrawalBy: PersonID?

    func steps(for command: ProblemCommand, by actor: ProblemActor, rules: RuleSet) throws(Refusal) -> [ProblemStep] {
        switch command {
        case .notify:
            guard state == .found else { throw wrongState }
            return [.notified]
        case .acknowledge:
            try requireSchool(actor)
            guard state == .notified else { throw wrongState }
            return [.acknowledged]
        case .startRectification:
            try requireSchool(actor)
            switch state {
            case .notified: return [.acknowledged, .rectifying]
            case .acknowledged, .returned: return [.rectifying]
            default: throw wrongState
            }
        case .submitRectification(let cause, let measure, let prevention):
            try requireSchool(actor)
            guard state.waitsForSchool else { throw wrongState }
            try check(cause: cause, measure: measure, prevention: prevention, rules: rules)
            return state == .notified ? [.acknowledged, .submitted] : [.submitted]
        case .returnRectification(let reason):
            try requireOrgan(actor)
            guard state == .submitted else { throw wrongState }
            guard !reason.isBlank else {
                throw .input(
                    "reason_required", field: "reason", zh: "退回整改须说明原因", en: "A rectification is returned with a reason"
                )
            }
            return [.returned]
        case .accept:
            try requireOrgan(actor)
            guard state == .submitted else { throw wrongState }
            return [.accepted, .closed]
        default:
            return try exceptionalSteps(for: command, by: actor, rules: rules)
        }
    }

    private func exceptionalSteps(
        for command: ProblemCommand, by actor: ProblemActor, rules: RuleSet
    ) throws(Refusal) -> [ProblemStep] {
        if case .confirm = command { return try confirmation(by: actor) }
        try requireOrgan(actor)
        guard state.isOpen, state != .found else { throw wrongState }
        switch command {
        case .changeSeverity(let severity, let reason):
            guard rules.problemClass(severity) != nil else {
                throw .input("unknown_class", field: "severity", zh: "问题等级不存在", en: "There is no such class")
            }
            guard severity != self.severity else {
                throw .conflict("same_severity", zh: "等级没有变化", en: "The class is the same")
            }
            try require(reason)
            return [.severityChanged]
        case .extend(let reason):
            guard state.waitsForSchool else { throw wrongState }
            guard !isExtended else {
                throw .conflict("already_extended", zh: "整改期限只能延长一次", en: "A deadline is extended once only")
            }
            try require(reason)
            return [.extended]
        case .refer(let reason, let evidence):
            try require(reason)
            guard !evidence.contains(nil) else {
                throw .conflict(
                    "evidence_unreviewed", zh: "有证据尚未审核，不能作为立案移送的依据（行政处罚法第四十一条）",
                    en: "Evidence needs review before it may support a referral (行政处罚法 art 41)")
            }
            guard evidence.contains(.admissible) else {
                throw .conflict(
                    "no_admissible_evidence", zh: "没有审核通过的证据，不能移送", en: "There is no admissible evidence to refer")
            }
            return [.referred, .closed]
        case .falsePositive(let reason):
            try require(reason)
            return [.falsePositive, .closed]
        case .merge(let reason):
            try require(reason)
            return [.merged, .closed]
        case .withdraw(let reason):
            guard let first = withdrawalBy else {
                try require(reason)
                return [.withdrawalRequested]
            }
            guard case .organ(let person) = actor, person != first else {
                throw .forbidden(
                    "second_person_needed", zh: "撤销须由另一名执法人员确认", en: "A second person confirms the withdrawal")
            }
            return [.withdrawn, .closed]
        default: throw wrongState
        }
    }

    private func confirmation(by actor: ProblemActor) throws(Refusal) -> [ProblemStep] {
        guard case .school(let person) = actor else {
            throw .forbidden("school_only", zh: "只有学校可以进行此操作", en: "Only the school may do this")
        }
        guard origin == .selfCheck else {
            throw .forbidden("organ_only", zh: "只有监管机构可以验收整改", en: "Only the organ may accept a rectification")
        }
        guard person != rectifiedBy else {
            throw .forbidden("own_work", zh: "提交整改的人不得确认自己的整改", en: "No one confirms their own rectification")
        }
        guard state == .submitted else { throw wrongState }
        return [.accepted, .closed]
    }

    private func require(_ reason: String?) throws(Refusal) {
        guard !reason.isBlank else {
            throw .input("reason_required", field: "reason", zh: "请说明原因", en: "Please give the reason")
        }
    }

    private var wrongState: Refusal {
        .conflict(
            "problem_state", zh: "问题当前状态（\(state.rawValue)）不允许此操作",
            en: "The problem is \(state.rawValue): not possible now")
    }

    private func requireSchool(_ actor: ProblemActor) throws(Refusal) {
        guard case .school = actor else {
            throw .forbidden("school_only", zh: "只有学校可以进行此操作", en: "Only the school may do this")
        }
    }

    /// No one accepts their own work, and a school never closes its own problem.
    private func requireOrgan(_ actor: ProblemActor) throws(Refusal) {
        guard case .organ(let person) = actor else {
            throw .forbidden("organ_only", zh: "只有监管机构可以验收或退回整改", en: "Only the organ may accept or return")
        }
        guard person != rectifiedBy else {
            throw .forbidden("own_work", zh: "提交整改的人不得验收自己的整改", en: "No one accepts their own rectification")
        }
    }

    private func check(cause: String?, measure: String?, prevention: String?, rules: RuleSet) throws(Refusal) {
        let causeRequired = rules.problemClass(severity)?.causeRequired ?? true
        if causeRequired && cause.isBlank {
            throw .input(
                "cause_required", field: "cause", zh: "一、二类问题必须分析查明原因（第十条）",
                en: "Problems of class 1 and 2 need a cause analysis (art 10)")
        }
        if measure.isBlank {
            throw .input("measure_required", field: "measure", zh: "请填写整改措施", en: "Say what was done")
        }
        if prevention.isBlank {
            throw .input("prevention_required", field: "prevention", zh: "请填写预防措施", en: "Say how it will be prevented")
        }
    }
}

extension ProblemState {
    /// The state after a step; nil for a step that leaves the state as it is.
    init?(after step: ProblemStep) {
        switch step {
        case .found: self = .found
        case .notified: self = .notified
        case .acknowledged: self = .acknowledged
        case .rectifying: self = .rectifying
        case .submitted: self = .submitted
        case .returned: self = .returned
        case .accepted: self = .accepted
        case .closed: self = .closed
        case .severityChanged, .extended, .overdue, .recurred, .referred, .falsePositive, .merged,
            .withdrawalRequested, .withdrawn, .integrityFailed:
            return nil
        }
    }
}
