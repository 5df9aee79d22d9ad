import Contracts
import PersonalData

/// A responsible person's name as it rests: sealed, bound to the person, found again by its keyed hash.
enum DutyPersonName {
    static let column = SealedColumn(
        "duty_person", key: "person_id", column: "name",
        lookup: SealedColumn.Lookup(column: "name_lookup", domain: domain))
    private static let domain = "duty-person-name"

    private static func place(_ person: PersonID) -> SealedPlace {
        SealedPlace(column.table, column.column, row: person.rawValue)
    }

    static func seal(_ name: String, of person: PersonID, _ keys: PersonalDataKeys) throws -> SealedText {
        try keys.seal(name, at: place(person))
    }

    static func open(_ sealed: SealedText, of person: PersonID, _ keys: PersonalDataKeys) throws -> String {
        try keys.open(sealed, at: place(person))
    }

    static func lookup(_ name: String, _ keys: PersonalDataKeys) -> [UInt8] {
        keys.lookupHash(name, domain: domain)
    }
}
