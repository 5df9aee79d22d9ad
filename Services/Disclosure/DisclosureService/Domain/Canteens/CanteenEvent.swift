import Calendar
import Contracts

/// What the events about a canteen have in common: they carry all registered facts.
protocol CanteenEvent {
    var canteenId: CanteenID { get }
    var name: String { get }
    var schoolId: SchoolID { get }
    var schoolName: String { get }
    var schoolType: SchoolType { get }
    var isCaterer: Bool { get }
    var divisionCode: String { get }
    var township: String? { get }
    var servingMode: String { get }
    var diners: Int { get }
    var zones: [ZoneCode] { get }
    var operating: Bool { get }
    var stationOrganId: OrganID? { get }
    var countyOrganId: OrganID? { get }
    var cityOrganId: OrganID? { get }
    var supervisingDepartment: Department { get }
    var supervisingOrganId: OrganID? { get }
    /// nil: not issued yet.
    var licence: LicenceDisclosure? { get }
    var catererLicenceNumber: String? { get }
    var latitude: Double? { get }
    var longitude: Double? { get }
    var coordinateSystem: CoordinateSystem? { get }
}

extension CanteenPlanned: CanteenEvent {
    var operating: Bool { false }
    var licence: LicenceDisclosure? { nil }
}

extension CanteenRegistered: CanteenEvent {
    var licence: LicenceDisclosure? {
        LicenceDisclosure(
            number: licenceNumber, holder: schoolName, premises: name, issuedOn: licenceIssuedOn,
            validTo: licenceValidTo, catererNumber: catererLicenceNumber)
    }
}

extension CanteenChanged: CanteenEvent {
    var licence: LicenceDisclosure? {
        LicenceDisclosure(
            number: licenceNumber, holder: schoolName, premises: name, issuedOn: licenceIssuedOn,
            validTo: licenceValidTo, catererNumber: catererLicenceNumber)
    }
}
