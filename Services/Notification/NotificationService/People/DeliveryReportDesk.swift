import Calendar
import Contracts
import Delivery
import Journal
import Postgres

/// Takes what mail servers and gateways report: the ledger says delivered or failed, an address that does not exist is not
/// written to any more.
struct DeliveryReportDesk: Sendable {
    let pool: PostgresPool

    /// False when no message of ours has that id on these channels. The first final report counts.
    func take(
        _ report: DeliveryReport, on channels: [ContactChannel], now: Instant
    ) async throws -> Bool {
        try await pool.transaction { transaction in
            let messages = try await PersonMessageStore.handedOver(report.batchId, channels, transaction)
            guard !messages.isEmpty else { return false }
            for message in messages {
                guard try await PersonMessageStore.settle(message, report, now: now, transaction) else { continue }
                try await record(report, message, now: now, transaction)
            }
            if report.outcome == .failed, report.isPermanent, let contact = messages.first?.contactId {
                try await ContactStore.refuse(contact, now: now, transaction)
            }
            return true
        }
    }

    private struct Outcome: Encodable {
        let messageId: String
        let personId: PersonID
        let channel: ContactChannel
        let reason: String?
    }

    private func record(
        _ report: DeliveryReport, _ message: PersonMessage, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.notification.notice.\(report.outcome.rawValue).v1", subject: message.personId.rawValue,
            data: Outcome(
                messageId: message.messageId, personId: message.personId, channel: message.channel,
                reason: report.reason),
            EventContext(actor: .system("notification"), correlationId: message.messageId), occurredAt: now)
    }
}
