import Contracts
import PersonalData

/// A person's name as it rests in `person_identity`: sealed, bound to the person.
enum PersonName {
    static let column = SealedColumn("person_identity", key: "person_id", column: "name")

    private static func place(_ person: PersonID) -> SealedPlace {
        SealedPlace(column.table, column.column, row: person.rawValue)
    }

    static func seal(_ name: String, of person: PersonID, _ keys: PersonalDataKeys) throws -> SealedText {
        try keys.seal(name, at: place(person))
    }

    static func open(_ sealed: SealedText, of person: PersonID, _ keys: PersonalDataKeys) throws -> String {
        try keys.open(sealed, at: place(person))
    }
}
