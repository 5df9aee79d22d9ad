import Calendar
import Contracts

/// The registered facts of a canteen that the public may know.
struct CanteenFacts: Hashable, Sendable {
    var canteenId: CanteenID
    var name: String
    var schoolId: SchoolID
    var schoolName: String
    var schoolType: SchoolType
    var isCaterer: Bool
    var divisionCode: String
    var township: String?
    var servingMode: String
    var diners: Int
    var zones: [ZoneCode]
    var operating: Bool
    var licence: LicenceDisclosure

    /// What the search box looks in.
    var searchText: String {
        [schoolName, name, licence.number].joined(separator: " ").lowercased()
    }

    init(_ event: some CanteenEvent) {
        canteenId = event.canteenId
        name = event.name
        schoolId = event.schoolId
        schoolName = event.schoolName
        schoolType = event.schoolType
        isCaterer = event.isCaterer
        divisionCode = event.divisionCode
        township = event.township
        servingMode = event.servingMode
        diners = event.diners
        zones = event.zones
        operating = event.operating
        licence = LicenceDisclosure(
            number: event.licenceNumber, holder: event.schoolName, premises: event.name,
            issuedOn: event.licenceIssuedOn, validTo: event.licenceValidTo, catererNumber: event.catererLicenceNumber)
    }
}
