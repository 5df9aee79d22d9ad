import Access
import Calendar
import Contracts

/// A program that is to be registered, as it is proposed and approved by two persons.
public struct APIClientRequest: Codable, Hashable, Sendable {
    public let clientId: String
    public let name: String
    public let organId: OrganID
    public let organName: String
    public let role: Role
    public let scopes: [Action]
    public let validFrom: LocalDate
    /// Inclusive; nil = open.
    public let validTo: LocalDate?
}
