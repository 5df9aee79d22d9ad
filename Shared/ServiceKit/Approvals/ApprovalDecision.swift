/// What a person does with an open proposal.
public enum ApprovalDecision: String, CaseIterable, Codable, Hashable, Sendable {
    case approve
    case refuse
    /// By the proposer only.
    case withdraw

    var status: ApprovalStatus {
        switch self {
        case .approve: .approved
        case .refuse: .refused
        case .withdraw: .withdrawn
        }
    }
}
