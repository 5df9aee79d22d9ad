import Access
import Contracts

extension Organ {
    /// What belongs to the organ itself: its trainings, its people.
    public var resource: Resource {
        Resource(
            divisionCode: divisionCode, stationOrganId: level == .station ? id : nil,
            countyOrganId: department != .marketSupervision
                ? nil : level == .county ? id : level == .station ? parentId : nil,
            cityOrganId: department == .marketSupervision && level == .city ? id : nil, organId: id,
            supervisingOrganId: department == .marketSupervision ? nil : id,
            supervisingDepartment: department == .marketSupervision ? nil : department)
    }
}
