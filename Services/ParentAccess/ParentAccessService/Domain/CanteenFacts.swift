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
    var operating: Bool
    var licenceRevoked: Bool
}
