import Calendar
import Contracts
import PersonalData
import ServiceKit

/// Where a person wants to be told. The address stays sealed until it is used or shown, masked, to its owner.
struct Contact: Sendable {
    static let table = "contact"
    static let column = SealedColumn(
        table, key: "contact_id", column: "address", lookup: .init(column: "address_hash", domain: domain))
    static let domain = "contact-address"

    let contactId: String
    let personId: PersonID
    let channel: ContactChannel
    let address: SealedText
    let mode: ContactMode
    let language: Language
    let verifiedAt: Instant?
    let refusedAt: Instant?
    let createdAt: Instant

    /// May something be sent there?
    var isUsable: Bool { verifiedAt != nil && refusedAt == nil }

    static func place(_ id: String) -> SealedPlace { SealedPlace(table, "address", row: id) }
}
