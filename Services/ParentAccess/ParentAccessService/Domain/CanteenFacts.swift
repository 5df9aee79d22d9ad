import Access
import Contracts

/// What this service knows about a canteen from the registry's events.
struct CanteenFacts: Hashable, Sendable {
    let canteenId: CanteenID
    let schoolId: SchoolID
    let name: String
    let schoolName: String
    let isCaterer: Bool
    let divisionCode: String
    let stationOrganId: OrganID?
    let countyOrganId: OrganID?
    let cityOrganId: OrganID?
    let supervisingOrganId: OrganID?
    let supervisingDepartment: Department?
    var operating: Bool
    var licenceRevoked: Bool

    /// What the access decision of staff needs to know about this canteen's cameras.
    var resource: Resource {
        Resource(
            divisionCode: divisionCode, stationOrganId: stationOrganId, countyOrganId: countyOrganId,
            cityOrganId: cityOrganId, supervisingOrganId: supervisingOrganId,
            supervisingDepartment: supervisingDepartment, schoolId: schoolId, catererId: isCaterer ? schoolId : nil)
    }
}
