import Calendar
import Contracts
import Postgres

/// What the events about a canteen carry: all registered facts.
protocol CanteenFacts {
    var canteenId: CanteenID { get }
    var name: String { get }
    var schoolId: SchoolID { get }
    var schoolName: String { get }
    var schoolType: SchoolType { get }
    var isCaterer: Bool { get }
    var divisionCode: String { get }
    var township: String? { get }
    var stationOrganId: OrganID? { get }
    var countyOrganId: OrganID? { get }
    var cityOrganId: OrganID? { get }
    var supervisingDepartment: Department { get }
    var supervisingOrganId: OrganID? { get }
    var diners: Int { get }
    var zones: [ZoneCode] { get }
    var operating: Bool { get }
    /// nil: not issued yet.
    var licence: CanteenLicence? { get }
}

struct CanteenLicence {
    let number: String
    let validTo: LocalDate
}

extension CanteenPlanned: CanteenFacts {
    var operating: Bool { false }
    var licence: CanteenLicence? { nil }
}

extension CanteenRegistered: CanteenFacts {
    var licence: CanteenLicence? { CanteenLicence(number: licenceNumber, validTo: licenceValidTo) }
}

extension CanteenChanged: CanteenFacts {
    var licence: CanteenLicence? { CanteenLicence(number: licenceNumber, validTo: licenceValidTo) }
}

extension CanteenFacts {
    /// `INSERT` of the facts as they are, without a conflict clause.
    func insertion(at registeredAt: Instant) -> SQL {
        """
        INSERT INTO canteen (canteen_id, name, school_id, school_name, school_type, is_caterer, division_code, township,
            station_organ_id, county_organ_id, city_organ_id, supervising_department, supervising_organ_id, diners, zones,
            licence_number, licence_valid_to, operating, registered_at)
        VALUES (\(canteenId), \(name), \(schoolId), \(schoolName), \(schoolType), \(isCaterer), \(divisionCode), \(township),
            \(stationOrganId), \(countyOrganId), \(cityOrganId), \(supervisingDepartment), \(supervisingOrganId), \(diners),
            \(zones), \(licence?.number), \(licence?.validTo), \(operating), \(registeredAt))
        """
    }
}
