import Calendar

/// A person was appointed to a role (指定专人). Carries a pseudonymous id, never a name.
public struct StaffAppointed: Event {
    public static let type = "brightkitchen.registry.staff.appointed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { personId.rawValue }
    public var subject: String { personId.rawValue }

    /// Pseudonymous id; partition key.
    public var personId: PersonID
    /// Role of domain §7.4.
    public var role: Role
    /// Organ of the appointment, for regulators and bureaus.
    public var organId: OrganID?
    /// School of the appointment, for school roles.
    public var schoolId: SchoolID?
    /// First day, inclusive.
    public var validFrom: LocalDate
    /// Last day, inclusive; absent = open.
    public var validTo: LocalDate?

    public init(
        personId: PersonID,
        role: Role,
        organId: OrganID? = nil,
        schoolId: SchoolID? = nil,
        validFrom: LocalDate,
        validTo: LocalDate? = nil
    ) {
        self.personId = personId
        self.role = role
        self.organId = organId
        self.schoolId = schoolId
        self.validFrom = validFrom
        self.validTo = validTo
    }
}
