import Contracts

/// The personal data of an account: kept in one table, from which it can be erased.
public struct PersonIdentity: Hashable, Sendable {
    public let personId: PersonID
    public let login: String
    /// Plain; sealed in the table.
    public let name: String
}
