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

    public var isCaterer: Bool { type == .caterer }
}
