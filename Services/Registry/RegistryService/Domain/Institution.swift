import Contracts

/// A school, kindergarten or caterer, identified by its credit code.
public struct Institution: Hashable, Sendable {
    public var id: SchoolID
    public var creditCode: String
    public var name: String
    public var type: SchoolType
    /// Stored, not derived (art 4).
    public var department: Department
    public var cityDirect: Bool
    public var divisionCode: String
    public var township: String?
    /// Why the department is another than the type suggests.
    public var departmentReason: String?
    /// nil = by `cityDirect`: the city's bureau, else the county's.
    public var departmentLevel: SupervisingLevel?
    /// Who looks after a caterer from outside the loaded divisions, and how to reach them.
    public var externalOrgan: String?
    public var externalContact: String?

    public var isCaterer: Bool { type == .caterer }
}
