/// The mail server (SMTP) through which mail leaves, and whom it comes from.
public struct MailServer: Sendable {
    /// `smtps://host:465` or `smtp://host:587`; the latter is secured with STARTTLS unless `allowsPlainText`.
    public var url: String
    public var from: MailAddress
    /// Envelope sender, where bounces (RFC 3464) go; nil = `from`.
    public var bounce: MailAddress?
    /// Name shown beside the address.
    public var name: String
    public var user: String?
    public var password: String?
    /// Only in the local stack.
    public var allowsPlainText: Bool
    /// PEM file of authorities to trust instead of the system's.
    public var certificateAuthorities: String?
    public var deadline: Duration

    public init(
        url: String, from: MailAddress, bounce: MailAddress? = nil, name: String, user: String? = nil,
        password: String? = nil, allowsPlainText: Bool = false, certificateAuthorities: String? = nil,
        deadline: Duration = .seconds(30)
    ) {
        self.url = url
        self.from = from
        self.bounce = bounce
        self.name = name
        self.user = user
        self.password = password
        self.allowsPlainText = allowsPlainText
        self.certificateAuthorities = certificateAuthorities
        self.deadline = deadline
    }
}
