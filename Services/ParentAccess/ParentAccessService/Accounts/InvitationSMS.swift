import Concurrency
import Contracts
import Delivery
import Logging
import ServiceKit

/// Sends an invitation's link to the number that the school noted down. The link alone is not enough: whoever opens it
/// still proves the number with a code.
struct InvitationSMS: Sendable {
    let clock: any WallClock
    let sender: any SMSSender
    /// The same limits as for codes: eight messages a day for a number.
    let numbers: NumberLimiter
    let logger: Logger

    static let noNumber = Problem.invalid(
        "mobile_number", code: "missing", zh: "发送短信须填写手机号码。", en: "A text message needs a number.")

    /// Links that are sent at the same time, and how long a whole list may take: a school waits for the answer. What was
    /// not sent by then is told as not sent.
    private static let parallel = 32
    private static let listDeadline: Duration = .seconds(30)

    /// Sends the links of a list to those whose number is known; tells to whom.
    func send(
        _ invitations: [Invitation], school: String, link: @escaping @Sendable (Invitation) -> String
    ) async -> Set<RepresentativeID> {
        let deadline = ContinuousClock.now + Self.listDeadline
        var waiting = invitations.filter { $0.mobileNumber != nil }[...]
        var sent: Set<RepresentativeID> = []
        await withTaskGroup(of: RepresentativeID?.self) { group in
            func next() {
                guard ContinuousClock.now < deadline, let invitation = waiting.popFirst(),
                    let number = invitation.mobileNumber
                else { return }
                group.addTask {
                    let isSent = await send(invitation, link: link(invitation), school: school, to: number)
                    return isSent ? invitation.representativeId : nil
                }
            }
            for _ in 0..<Self.parallel { next() }
            while let one = await group.next() {
                if let one { sent.insert(one) }
                next()
            }
        }
        return sent
    }

    /// Whether it was accepted by the gateway. The invitation stands either way: the page shows link and QR code.
    func send(_ invitation: Invitation, link: String, school: String, to mobileNumber: String) async -> Bool {
        do {
            try numbers.claim(mobileNumber, now: clock.now())
            try await sender.send(
                SMSMessage(
                    mobileNumber: mobileNumber, template: "invitation",
                    parameters: ["school": school, "link": link, "days": "7"],
                    text: "【明厨亮灶】\(school)邀请您担任家长代表，请在 7 天内打开链接激活账号：\(link) 请勿转发。",
                    messageId: UUIDv7.string()))
            return true
        } catch let error as DeliveryError {
            logger.warning("an invitation could not be sent", metadata: ["error": "\(error.code.rawValue)"])
        } catch {
            logger.warning("an invitation was not sent", metadata: ["error": "too many messages"])
        }
        return false
    }
}
