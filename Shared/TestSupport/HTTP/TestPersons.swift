import Access
import Contracts

/// Ready-made persons of two counties of the demo city: Pengjiang (440703) and Jianghai (440704).
public enum TestPersons {
    public static let cityOrgan = OrganID("organ-city")
    public static let countyOrgan = OrganID("organ-440703")
    public static let otherCountyOrgan = OrganID("organ-440704")
    public static let stationOrgan = OrganID("organ-440703-01")
    public static let otherStationOrgan = OrganID("organ-440703-02")
    public static let educationOrgan = OrganID("organ-440703-edu")
    public static let hrOrgan = OrganID("organ-440703-hr")
    public static let school = SchoolID("school-1")
    public static let otherSchool = SchoolID("school-2")

    public static let city = officer(.cityRegulator, cityOrgan, .city, "440700")
    public static let county = officer(.countyRegulator, countyOrgan, .county, "440703")
    public static let otherCounty = officer(.countyRegulator, otherCountyOrgan, .county, "440704")
    public static let station = officer(.stationOfficer, stationOrgan, .station, "440703")
    public static let otherStation = officer(.stationOfficer, otherStationOrgan, .station, "440703")
    public static let education = officer(.educationOfficer, educationOrgan, .county, "440703", .education)
    public static let hr = officer(.hrOfficer, hrOrgan, .county, "440703", .humanResources)
    public static let principal = staff(.principal, school)
    public static let safetyLead = staff(.safetyLead, school)
    public static let platformOperator = staff(.platformOperator, school)
    public static let otherPrincipal = staff(.principal, otherSchool)
    public static let caterer = staff(.caterer, SchoolID("caterer-1"))
    public static let parent = staff(.parentRepresentative, school)
    public static let auditor = Principal(personId: PersonID("person-auditor"), role: .auditor)
    public static let securityAdmin = Principal(personId: PersonID("person-security"), role: .securityAdmin)
    public static let systemAdmin = Principal(personId: PersonID("person-system"), role: .systemAdmin)

    /// One person of every role.
    public static let everyRole: [Principal] = [
        city, county, station, education, hr, principal, safetyLead, platformOperator, caterer, parent, auditor,
        securityAdmin, systemAdmin,
    ]

    /// A canteen of `school`, in the area of `station` and `county`, supervised by `education`.
    public static let ownCanteen = Resource(
        divisionCode: "440703", stationOrganId: stationOrgan, countyOrganId: countyOrgan, cityOrganId: cityOrgan,
        supervisingOrganId: educationOrgan, supervisingDepartment: .education, schoolId: school)
    /// A canteen of another school in another county.
    public static let foreignCanteen = Resource(
        divisionCode: "440704", stationOrganId: OrganID("organ-440704-01"), countyOrganId: otherCountyOrgan,
        cityOrganId: cityOrgan, supervisingOrganId: OrganID("organ-440704-edu"), supervisingDepartment: .education,
        schoolId: otherSchool)

    public static func officer(
        _ role: Role, _ organ: OrganID, _ level: OrganLevel, _ division: String,
        _ department: Department = .marketSupervision
    ) -> Principal {
        Principal(
            personId: PersonID("person-\(role.rawValue)-\(organ.rawValue)"), role: role, organId: organ,
            organLevel: level, department: department, divisionCode: division)
    }

    public static func staff(_ role: Role, _ school: SchoolID) -> Principal {
        Principal(
            personId: PersonID("person-\(role.rawValue)-\(school.rawValue)"), role: role, schoolId: school)
    }
}
