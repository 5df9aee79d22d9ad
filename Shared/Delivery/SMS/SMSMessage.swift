/// A text message to one mainland mobile number.
public struct SMSMessage: Sendable {
    /// 11 digits, without the country code.
    public let mobileNumber: String
    /// Chooses the operator's approved template (短信模板), e.g. `activation_code`.
    public let template: String
    /// The template's variables, e.g. `code` and `minutes`.
    public let parameters: [String: String]
    /// The whole text, for gateways that send what they are given.
    public let text: String
    /// The same message sent twice carries the same id: a gateway drops the repetition.
    public let messageId: String

    public init(
        mobileNumber: String, template: String, parameters: [String: String], text: String, messageId: String
    ) {
        self.mobileNumber = mobileNumber
        self.template = template
        self.parameters = parameters
        self.text = text
        self.messageId = messageId
    }
}
