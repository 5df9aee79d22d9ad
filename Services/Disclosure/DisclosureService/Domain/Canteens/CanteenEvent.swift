import Calendar
import Contracts

/// What the two events about a canteen have in common: both carry all registered facts.
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
    var licenceNumber: String { get }
    var licenceIssuedOn: LocalDate { get }
    var licenceValidTo: LocalDate { get }
    var catererLicenceNumber: String? { get }
    var latitude: Double? { get }
    var longitude: Double? { get }
    var coordinateSystem: CoordinateSystem? { get }
}

extension CanteenRegistered: CanteenEvent {}
extension CanteenChanged: CanteenEvent {}
