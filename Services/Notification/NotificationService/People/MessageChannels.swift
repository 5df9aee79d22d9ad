import Calendar
import Delivery
import ServiceKit

/// The ways out that this installation has.
struct MessageChannels: Sendable {
    let mailer: Mailer?
    let gateway: MessageGateway?

    enum Outcome: Sendable {
        case sent
        /// May be accepted later.
        case deferred(String)
        /// Will not be accepted at this address.
        case refused(String)
    }

    struct Message: Sendable {
        /// The same in every attempt.
        let id: String
        let channel: ContactChannel
        let address: String
        let subject: String
        let body: String
        let language: Language
        let date: Instant
    }

    func offers(_ channel: ContactChannel) -> Bool { channel == .mail ? mailer != nil : gateway != nil }

    func send(_ message: Message) async -> Outcome {
        guard let kind = message.channel.gateway else { return await mail(message) }
        guard let gateway else { return .deferred("channel_not_configured") }
        do {
            try await gateway.send(
                MessageGateway.Message(
                    id: message.id, channel: kind, to: kind == .sms ? "+86\(message.address)" : message.address,
                    subject: message.subject, text: message.body, language: message.language.rawValue))
            return .sent
        } catch let refusal as MessageGateway.Refusal {
            let reason = refusal.status.map { "status_\($0)" } ?? refusal.code?.rawValue ?? "refused"
            return refusal.isPermanent ? .refused(reason) : .deferred(reason)
        } catch {
            return .deferred("internal_failure")
        }
    }

    private func mail(_ message: Message) async -> Outcome {
        guard let mailer else { return .deferred("channel_not_configured") }
        guard let address = MailAddress(message.address) else { return .refused("not_an_address") }
        do {
            try await mailer.send(
                MailMessage(
                    id: message.id, to: address, subject: message.subject, text: message.body,
                    language: message.language.tag, date: message.date))
            return .sent
        } catch let error as MailError {
            let reason = error.reply.map { "smtp_\($0)" } ?? error.code.rawValue
            return error.isPermanent ? .refused(reason) : .deferred(reason)
        } catch {
            return .deferred("internal_failure")
        }
    }
}
