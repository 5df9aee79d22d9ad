/// By which way something was sent.
enum LedgerChannel: String, Codable, CaseIterable, Sendable {
    case inbox
    case webhook
    case mail
    case sms
    case weCom = "wecom"
    case dingTalk = "dingtalk"
}
