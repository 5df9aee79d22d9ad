import Contracts

/// A regulator or bureau, as stored.
public struct Organ: Hashable, Sendable {
    public var id: OrganID
    public var name: String
    public var department: Department
    public var level: OrganLevel
    /// Six digits; a city's ends in `00`.
    public var divisionCode: String
    public var parentId: OrganID?
    /// Townships that a station covers; empty otherwise.
    public var townships: [String]

    public var registered: OrganRegistered {
        OrganRegistered(
            organId: id, name: name, department: department, level: level, divisionCode: divisionCode,
            parentOrganId: parentId, townships: townships)
    }
}
