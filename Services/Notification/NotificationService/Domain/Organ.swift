import Contracts

/// An organ as this service knows it from the registry.
struct Organ: Hashable, Sendable {
    let id: OrganID
    let name: String
    let department: Department
    let level: OrganLevel
    let divisionCode: String
    let parentOrganId: OrganID?
}
