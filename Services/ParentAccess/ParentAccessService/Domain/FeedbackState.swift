import Contracts

/// The fixed vocabulary of what feedback is going through.
enum FeedbackState: String, Codable, CaseIterable, Sendable {
    /// Waits for the supervisors' decision.
    case received
    /// Not taken up, with a reason.
    case refused
    /// Passed on to the school, without the reporter.
    case forwarded
    /// The school has answered.
    case answered
    /// Found to be true: a problem in the patrol ledger.
    case confirmed
    /// Done; for a confirmed complaint with the outcome of its problem.
    case closed

    enum Step: String, CaseIterable, Sendable {
        case forward, refuse, answer, confirm, close
    }

    /// The state after `step`, or nil where that step is not possible.
    func after(_ step: Step, kind: FeedbackKind) -> FeedbackState? {
        switch (self, step) {
        case (.received, .forward): .forwarded
        case (.received, .refuse): .refused
        case (.forwarded, .answer): .answered
        case (.received, .confirm), (.forwarded, .confirm), (.answered, .confirm):
            kind == .complaint ? .confirmed : nil
        case (.forwarded, .close), (.answered, .close), (.confirmed, .close): .closed
        default: nil
        }
    }
}
