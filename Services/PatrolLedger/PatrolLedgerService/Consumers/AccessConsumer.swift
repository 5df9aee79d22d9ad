import Contracts
import Journal
import Postgres

extension Subscription {
    /// 逾期未接入 (art 5): such a canteen is to be inspected more often; the flag is a factor of the risk order.
    static let accessOverdue = Subscription.on(AccessOverdue.self) { received, transaction in
        let event = received.event
        try await transaction.execute(
            """
            UPDATE canteen SET access_overdue_since = \(event.increaseInspection ? event.overdueSince : nil)
            WHERE canteen_id = \(event.canteenId)
            """)
        try await transaction.noteAccess(event.canteenId, "overdue", at: event.overdueSince)
    }

    /// Its clock was cancelled: licence revoked, canteen closed.
    static let accessCancelled = Subscription.on(AccessChanged.self) { received, transaction in
        guard received.event.clockCancelled else { return }
        try await transaction.execute(
            "UPDATE canteen SET access_overdue_since = NULL WHERE canteen_id = \(received.event.canteenId)")
    }

    static let accessConnected = Subscription.on(AccessConnected.self) { received, transaction in
        try await transaction.noteAccess(
            received.event.canteenId, received.event.timeliness.rawValue, at: received.event.connectedAt)
        try await transaction.execute(
            "UPDATE canteen SET access_overdue_since = NULL WHERE canteen_id = \(received.event.canteenId)")
    }
}
