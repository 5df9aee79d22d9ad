/// One line of what a proposal would do, in the reader's language, for the person who decides.
public struct ApprovalFact: Hashable, Codable, Sendable {
    public let label: String
    public let value: String

    public init(_ label: String, _ value: String) {
        self.label = label
        self.value = value
    }
}
