import Contracts
import PersonalData

/// What is stored about the person behind a representative's account: sealed, bound to the account.
struct RepresentativePerson: Sendable {
    static let table = "representative_person"
    static let columns = [
        SealedColumn(table, key: "representative_id", column: "label"),
        SealedColumn(
            table, key: "representative_id", column: "mobile_number",
            lookup: .init(column: "mobile_hash", domain: mobileDomain)),
    ]
    private static let mobileDomain = "mobile-number"

    let keys: PersonalDataKeys

    func sealLabel(_ label: String, of id: RepresentativeID) throws -> SealedText {
        try keys.seal(label, at: SealedPlace(Self.table, "label", row: id.rawValue))
    }

    func openLabel(_ sealed: SealedText, of id: RepresentativeID) throws -> String {
        try keys.open(sealed, at: SealedPlace(Self.table, "label", row: id.rawValue))
    }

    func sealMobile(_ number: String, of id: RepresentativeID) throws -> SealedText {
        try keys.seal(number, at: SealedPlace(Self.table, "mobile_number", row: id.rawValue))
    }

    func openMobile(_ sealed: SealedText, of id: RepresentativeID) throws -> String {
        try keys.open(sealed, at: SealedPlace(Self.table, "mobile_number", row: id.rawValue))
    }

    /// Finds a number (11 digits) again without storing it.
    func mobileHash(_ number: String) -> [UInt8] { keys.lookupHash(number, domain: Self.mobileDomain) }
}
