import Calendar

/// Where a problem stands, told from the entries of its thread in whatever order they arrived.
enum ThreadState: String, Codable, CaseIterable, Sendable {
    /// Events of the problem arrived, but not yet the finding itself.
    case incomplete
    case found
    case acknowledged
    case submitted
    case returned
    case accepted
    case closed

    /// One thing that happened to the problem.
    struct Entry: Hashable, Sendable {
        let kind: NoticeKind
        let occurredAt: Instant
    }

    /// The state after all entries: that of the latest, where a closed problem stays closed. Of two entries of the same
    /// instant the one further along the life cycle counts.
    static func after(_ entries: [Entry]) -> ThreadState {
        if entries.contains(where: { $0.kind == .problemClosed }) { return .closed }
        guard entries.contains(where: { $0.kind == .problemFound }) else { return .incomplete }
        // What does not move the problem along (an overdue deadline, another class) leaves the state as it is.
        let latest = entries.filter { state(of: $0.kind) != nil }.max { left, right in
            (left.occurredAt, rank(left.kind)) < (right.occurredAt, rank(right.kind))
        }
        return latest.flatMap { state(of: $0.kind) } ?? .incomplete
    }

    private static func state(of kind: NoticeKind) -> ThreadState? {
        switch kind {
        case .problemFound: .found
        case .problemAcknowledged: .acknowledged
        case .rectificationSubmitted: .submitted
        case .rectificationReturned: .returned
        case .rectificationAccepted: .accepted
        case .problemClosed: .closed
        case .problemOverdue, .severityChanged, .bulletinReceived, .bulletinUrged, .bulletinOverdue,
            .bulletinEscalated, .bulletinAnswered, .bulletinClosed, .endpointPaused, .accessDue, .accessReminded,
            .accessRecomputed, .accessOverdue, .accessConnected, .accessCancelled, .filingDue,
            .filingOverdue, .filingDone, .selfCheckDue, .selfCheckMissed, .selfCheckSubmitted, .selfCheckExempt,
            .alertRaised, .alertConfirmed, .alertFalse, .alertUnknown, .reminder,
            .escalated:
            nil
        }
    }

    private static func rank(_ kind: NoticeKind) -> Int {
        NoticeKind.allCases.firstIndex(of: kind) ?? 0
    }

    var isOpen: Bool { self != .closed && self != .accepted }
}
