import Calendar
import Contracts

/// The registered facts of a canteen: what the public may know, and the organs in whose area it lies.
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
    /// nil: not issued yet; the public does not see the canteen.
    var licence: LicenceDisclosure?
    var stationOrganId: OrganID?
    var countyOrganId: OrganID?
    var cityOrganId: OrganID?
    var supervisingDepartment: Department
    var supervisingOrganId: OrganID?
    /// nil: the register does not say.
    var position: Position?

    /// What the search box looks in.
    var searchText: String {
        [schoolName, name, licence?.number].compactMap { $0 }.joined(separator: " ").lowercased()
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
        stationOrganId = event.stationOrganId
        countyOrganId = event.countyOrganId
        cityOrganId = event.cityOrganId
        supervisingDepartment = event.supervisingDepartment
        supervisingOrganId = event.supervisingOrganId
        position = Position(
            latitude: event.latitude, longitude: event.longitude, system: event.coordinateSystem)
        licence = event.licence
    }
}
