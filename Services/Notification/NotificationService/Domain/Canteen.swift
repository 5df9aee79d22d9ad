import Access
import Contracts

/// A canteen as this service knows it from the registry: where it belongs and who supervises its school.
struct Canteen: Hashable, Sendable {
    let id: CanteenID
    let name: String
    let schoolId: SchoolID
    let schoolName: String
    let schoolType: SchoolType
    let isCaterer: Bool
    let divisionCode: String
    let cityDirect: Bool
    let stationOrganId: OrganID?
    let countyOrganId: OrganID?
    let cityOrganId: OrganID?
    let supervisingDepartment: Department
    let supervisingOrganId: OrganID?

    /// What the access decision needs to know.
    var resource: Resource {
        Resource(
            divisionCode: divisionCode, stationOrganId: stationOrganId, countyOrganId: countyOrganId,
            cityOrganId: cityOrganId, supervisingOrganId: supervisingOrganId,
            supervisingDepartment: supervisingDepartment, schoolId: schoolId)
    }
}
