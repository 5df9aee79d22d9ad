/// What a mail server or a gateway says about a message after it took it over.
struct DeliveryReport: Hashable, Sendable {
    enum Outcome: String, Codable, CaseIterable, Sendable {
        /// At the mailbox or the telephone.
        case delivered
        /// Not, and not any more.
        case failed
        /// Not yet; the server goes on trying.
        case delayed
    }

    /// Id under which the message was handed over: the same in every attempt.
    let batchId: String
    let outcome: Outcome
    /// The address does not exist or takes nothing: nothing more is sent there until it is proven again.
    let isPermanent: Bool
    /// A code, never a text: texts quote addresses.
    let reason: String?
}
