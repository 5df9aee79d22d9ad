import Calendar
import Contracts

/// Content of a D1 item (食品经营许可信息): copied from the registry, never typed.
struct LicenceDisclosure: Codable, Hashable, Sendable {
    var number: String
    /// Registered name of the institution.
    var holder: String
    /// Name of the canteen the licence is for.
    var premises: String
    var issuedOn: LocalDate
    /// Inclusive.
    var validTo: LocalDate
    /// Licence of the caterer that delivers, where there is one.
    var catererNumber: String?
    var revokedOn: LocalDate?
    /// revoked, cancelled or withdrawn.
    var revocation: String?

    func state(today: LocalDate) -> LicenceState {
        LicenceState(validTo: validTo, revokedOn: revokedOn, today: today)
    }
}

extension LicenceDisclosure {
    /// The same as fields of an item.
    var content: ItemContent {
        var values: [String: FieldValue] = [
            "number": .text(number), "holder": .text(holder), "premises": .text(premises),
            "issued_on": .text(issuedOn.iso), "valid_to": .text(validTo.iso),
        ]
        values["caterer_number"] = catererNumber.map { .text($0) }
        values["revoked_on"] = revokedOn.map { .text($0.iso) }
        values["revocation"] = revocation.map { .text($0) }
        return ItemContent(values)
    }
}
