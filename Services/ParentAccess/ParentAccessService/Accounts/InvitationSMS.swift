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
