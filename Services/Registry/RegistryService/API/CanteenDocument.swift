import Calendar
import Contracts

/// A canteen in the JSON interface.
struct CanteenDocument: Encodable, Sendable {
    struct LicenceDocument: Encodable, Sendable {
        let number: String
        let issuedOn: LocalDate
        let validTo: LocalDate
        let state: String
        let endedOn: LocalDate?
    }

    let canteenId: CanteenID
    let name: String
    let schoolId: SchoolID
    let schoolName: String
    let schoolType: SchoolType
    let uscc: String
    let divisionCode: String
    let township: String?
    let cityDirect: Bool
    let supervisingDepartment: Department
    let supervisingOrganId: OrganID?
    let stationOrganId: OrganID?
    let countyOrganId: OrganID?
    let cityOrganId: OrganID?
    let servingMode: String
    let catererLicenceNumber: String?
    let diners: Int
    let zones: [ZoneCode]
    /// Absent before the first one is issued.
    let licence: LicenceDocument?
    let licenceAppliedOn: LocalDate?
    let operating: Bool
    /// Degrees in `coordinateSystem`; absent where the roster states none.
    let latitude: Double?
    let longitude: Double?
    let coordinateSystem: CoordinateSystem?

    init(_ canteen: Canteen) {
        canteenId = canteen.id
        name = canteen.name
        schoolId = canteen.institution.id
        schoolName = canteen.institution.name
        schoolType = canteen.institution.type
        uscc = canteen.institution.creditCode
        divisionCode = canteen.institution.divisionCode
        township = canteen.institution.township
        cityDirect = canteen.institution.cityDirect
        supervisingDepartment = canteen.institution.department
        supervisingOrganId = canteen.assignment.supervising
        stationOrganId = canteen.assignment.station
        countyOrganId = canteen.assignment.county
        cityOrganId = canteen.assignment.city
        servingMode = canteen.servingMode.rawValue
        catererLicenceNumber = canteen.catererLicence
        diners = canteen.diners
        zones = canteen.zones
        licence = canteen.licence.map {
            LicenceDocument(
                number: $0.number, issuedOn: $0.issuedOn, validTo: $0.validTo, state: $0.state.rawValue,
                endedOn: $0.endedOn)
        }
        licenceAppliedOn = canteen.licenceAppliedOn
        operating = canteen.operating
        latitude = canteen.position?.latitude
        longitude = canteen.position?.longitude
        coordinateSystem = canteen.position?.system
    }
}
