/// An address of the form `local@domain` that can be put into an SMTP command as it is: ASCII, no quoting, no spaces.
public struct MailAddress: Hashable, Sendable {
    public let text: String

    /// nil when it is not such an address.
    public init?(_ text: String) {
        guard text.utf8.count <= 254,
            text.wholeMatch(
                of:
                    /[A-Za-z0-9!#$%&'*+\/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+\/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+/
            )
                != nil, let at = text.lastIndex(of: "@"), text[..<at].utf8.count <= 64
        else { return nil }
        self.text = text
    }

    public var domain: String { String(text[text.index(after: text.lastIndex(of: "@") ?? text.startIndex)...]) }

    /// One form for one mailbox: the domain is compared without case.
    public var normalised: String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return text[...at] + text[text.index(after: at)...].lowercased()
    }
}

/// Says nothing of the mailbox, wherever it is printed.
extension MailAddress: CustomStringConvertible {
    public var description: String { "…@\(domain)" }
}
