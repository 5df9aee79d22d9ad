import Contracts

/// Where a bulletin stands, told from what each of its main receivers (主送) did. Pure.
enum BulletinStanding {
    /// What one main receiver did so far.
    struct Receiver: Hashable, Sendable {
        let isDelivered: Bool
        let isReceipted: Bool
        let isAnswered: Bool
    }

    /// The bulletin is as far as the slowest of its main receivers.
    static func state(of receivers: [Receiver]) -> Bulletin.State {
        guard !receivers.isEmpty else { return .issued }
        if receivers.allSatisfy(\.isAnswered) { return .answered }
        if receivers.allSatisfy({ $0.isReceipted || $0.isAnswered }) { return .receipted }
        if receivers.allSatisfy({ $0.isDelivered || $0.isReceipted || $0.isAnswered }) { return .delivered }
        return .issued
    }
}
