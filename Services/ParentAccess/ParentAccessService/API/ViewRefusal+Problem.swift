import HTTPTypes
import ServiceKit

extension ViewRefusal {
    /// The refusal as an answer. What must stay hidden is the same "not found" for everybody.
    var problem: Problem {
        switch self {
        case .cameraUnknown, .otherSchool, .outOfScope:
            // The stable code stays in the journal; the answer does not tell the three apart.
            Problem.notFound
        case .notSignedIn: Problem.unauthorised
        case .reasonMissing:
            Problem.invalid(
                "reason", code: rawValue, zh: "请填写调阅理由。", en: "Please state why you are looking.",
                allowed: ViewReason.allCases.map(\.rawValue).joined(separator: ", "))
        default: Problem(HTTPResponse.Status(code: status), code: rawValue, detail: text)
        }
    }

    /// For the person in front of the screen.
    var text: LocalizedText {
        switch self {
        case .cameraUnknown, .otherSchool, .outOfScope: Problem.notFound.detail
        case .notSignedIn: Problem.unauthorised.detail
        case .accountNotActive: LocalizedText(zh: "账号未启用或已停用。", en: "The account is not active.")
        case .accountExpired: LocalizedText(zh: "账号已到期。", en: "The account has expired.")
        case .consentMissing:
            LocalizedText(zh: "使用约定已更新，请先阅读并同意。", en: "The terms have changed. Please read and accept them first.")
        case .contractEnded:
            LocalizedText(zh: "供餐合同已结束，画面已停止。", en: "The caterer's contract with your school has ended.")
        case .notGranted: LocalizedText(zh: "学校没有向您开放这个画面。", en: "The school has not opened this camera to you.")
        case .outsideWindow: LocalizedText(zh: "现在不在开放时段内。", en: "It is not open at this time.")
        case .roleNotAllowed: LocalizedText(zh: "您的角色无权观看。", en: "Your role may not watch.")
        case .reasonMissing: LocalizedText(zh: "请填写调阅理由。", en: "Please state why you are looking.")
        case .schoolLimit:
            LocalizedText(zh: "同时观看的人数已满，请稍后再试。", en: "Too many people are watching. Please try again later.")
        case .staffLimit: LocalizedText(zh: "您打开的画面过多。", en: "You have too many views open.")
        case .anteroom: LocalizedText(zh: "预进间画面不对外开放。", en: "The anteroom is never shown.")
        case .cameraNotActive: LocalizedText(zh: "摄像头暂时没有画面。", en: "The camera has no picture for the moment.")
        case .licenceRevoked: LocalizedText(zh: "食堂许可证已吊销，画面已停止。", en: "The canteen's licence was revoked.")
        case .canteenNotOperating: LocalizedText(zh: "食堂已停止供餐。", en: "The canteen is closed.")
        case .ticketInvalid: LocalizedText(zh: "观看凭证无效。", en: "This ticket is not valid.")
        case .ticketUsed: LocalizedText(zh: "观看凭证已使用。", en: "This ticket has been used.")
        case .ticketExpired: LocalizedText(zh: "观看凭证已过期。", en: "This ticket is too old.")
        case .sessionUnknown, .wrongViewer, .wrongCamera, .path:
            LocalizedText(zh: "不能观看。", en: "This cannot be watched.")
        case .sessionEnded: LocalizedText(zh: "观看已结束。", en: "This view has ended.")
        case .sessionExpired: LocalizedText(zh: "观看已超时，请重新打开。", en: "This view has run out. Please open it again.")
        }
    }
}
