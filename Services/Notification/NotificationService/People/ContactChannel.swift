import Delivery

/// Ways to reach a person outside the inbox.
enum ContactChannel: String, Codable, CaseIterable, Sendable {
    case mail
    case sms
    case weCom = "wecom"
    case dingTalk = "dingtalk"

    /// The one form of an address on this channel; nil when it is not one.
    func normalised(_ address: String) -> String? {
        switch self {
        case .mail: MailAddress(address)?.normalised
        case .sms: address.wholeMatch(of: /1[3-9][0-9]{9}/) != nil ? address : nil
        case .weCom, .dingTalk: address.wholeMatch(of: /[A-Za-z0-9_.@-]{1,64}/) != nil ? address : nil
        }
    }

    /// What is allowed, for a fault.
    var allowed: String {
        switch self {
        case .mail: "name@example.gov.cn"
        case .sms: "1[3-9] + 9 digits"
        case .weCom, .dingTalk: "A–Z a–z 0–9 _ . @ -, ≤ 64"
        }
    }

    /// How the owner recognises an address that is not shown whole.
    func masked(_ address: String) -> String {
        switch self {
        case .mail:
            guard let at = address.lastIndex(of: "@") else { return "…" }
            return address.prefix(1) + "***" + address[at...]
        case .sms: return address.prefix(3) + "****" + address.suffix(4)
        case .weCom, .dingTalk: return address.prefix(2) + "***"
        }
    }

    var gateway: MessageGateway.Channel? {
        switch self {
        case .mail: nil
        case .sms: .sms
        case .weCom: .weCom
        case .dingTalk: .dingTalk
        }
    }
}
