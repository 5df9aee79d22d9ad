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
}

/// The state machine of a problem: pure, returns the steps to take or says why not.
struct ProblemLifecycle: Hashable, Sendable {
    var state: ProblemState
    var severity: Int
    /// Who wrote the latest rectification; that person may never accept it.
    var rectifiedBy: PersonID?

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
    /// The state after a step.
    init(after step: ProblemStep) {
        switch step {
        case .found: self = .found
        case .notified: self = .notified
        case .acknowledged: self = .acknowledged
        case .rectifying: self = .rectifying
        case .submitted: self = .submitted
        case .returned: self = .returned
        case .accepted: self = .accepted
        case .closed: self = .closed
        }
    }
}
