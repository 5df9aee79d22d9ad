/// States of a patrol (design card §6 art 7). `submitted` and `closed` are one step: a patrol cannot close without its
/// ledger entry, so both happen in the transaction that writes it.
enum PatrolState: String, Codable, Hashable, CaseIterable, Sendable {
    case planned
    case inProgress = "in_progress"
    case submitted
    case closed
    case short
    case cancelled

    var isOpen: Bool { self == .planned || self == .inProgress }

    /// The command the states answer to.
    enum Command: Hashable, Sendable {
        case start
        case work
        case close(meetsQuota: Bool)
        case cancel(reason: String?)
    }

    func after(_ command: Command) throws(Refusal) -> PatrolState {
        switch (self, command) {
        case (.planned, .start): return .inProgress
        case (.inProgress, .work): return .inProgress
        case (.inProgress, .close(let meetsQuota)): return meetsQuota ? .closed : .short
        case (.planned, .cancel(let reason)), (.inProgress, .cancel(let reason)):
            guard !reason.isBlank else {
                throw .input(
                    "reason_required", field: "reason", zh: "取消巡查须说明原因", en: "A patrol is cancelled with a reason")
            }
            return .cancelled
        default:
            throw .conflict(
                "patrol_state", zh: "巡查当前状态（\(rawValue)）不允许此操作",
                en: "The patrol is \(rawValue): this is not possible any more")
        }
    }
}
