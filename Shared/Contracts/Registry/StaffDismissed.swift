import Calendar

/// An appointment ended; rights end the same day.
public struct StaffDismissed: Event {
    public static let type = "brightkitchen.registry.staff.dismissed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { personId.rawValue }
    public var subject: String { personId.rawValue }

    /// Pseudonymous id; partition key.
    public var personId: PersonID
    /// Role that ended.
    public var role: Role
    /// Organ of the appointment.
    public var organId: OrganID?
    /// School of the appointment.
    public var schoolId: SchoolID?
    /// Last day of the appointment.
    public var endedOn: LocalDate

    public init(
        personId: PersonID,
        role: Role,
        organId: OrganID? = nil,
        schoolId: SchoolID? = nil,
        endedOn: LocalDate
    ) {
        self.personId = personId
        self.role = role
        self.organId = organId
        self.schoolId = schoolId
        self.endedOn = endedOn
    }
}
