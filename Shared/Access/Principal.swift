import Contracts

/// Who is asking: the facts about a signed-in person that a decision needs. Never a name, a phone or an address.
///
/// What a fact is for depends on the role: officers act for an organ in a division, school staff for a school,
/// caterers and representatives likewise (`schoolId` names the caterer's own institution or the representative's school).
public struct Principal: Codable, Hashable, Sendable {
    public var personId: PersonID
    public var role: Role
    public var organId: OrganID?
    public var organLevel: OrganLevel?
    public var department: Department?
    /// GB/T 2260: `440700` for the city, `440703` for a county; a station carries its county's code.
    public var divisionCode: String?
    public var schoolId: SchoolID?
    /// For a program (API client) of a department or integrator: the only actions it may read
    /// (`Action.performedByPrograms`: perform). nil for a person.
    public var scopes: Set<Action>?

    /// nil: trained, or nobody asks for it.
    public var training: TrainingShortfall?

    /// A program acts with the role and organ it was registered for, and reads; it performs only what
    /// `Action.performedByPrograms` names.
    public var isMachine: Bool { scopes != nil }

    public init(
        personId: PersonID,
        role: Role,
        organId: OrganID? = nil,
        organLevel: OrganLevel? = nil,
        department: Department? = nil,
        divisionCode: String? = nil,
        schoolId: SchoolID? = nil,
        scopes: Set<Action>? = nil,
        training: TrainingShortfall? = nil
    ) {
        self.personId = personId
        self.role = role
        self.organId = organId
        self.organLevel = organLevel
        self.department = department
        self.divisionCode = divisionCode
        self.schoolId = schoolId
        self.scopes = scopes
        self.training = training
    }
}
