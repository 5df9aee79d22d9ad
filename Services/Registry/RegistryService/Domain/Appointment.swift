import Calendar
import Contracts

/// A person in a role, without the person's name (指定专人).
public struct Appointment: Hashable, Sendable {
    public var personId: PersonID
    public var role: Role
    public var organId: OrganID?
    public var schoolId: SchoolID?
    public var validFrom: LocalDate
    /// Inclusive; nil = open.
    public var validTo: LocalDate?

    public func isInForce(on day: LocalDate) -> Bool {
        validFrom <= day && day <= (validTo ?? day)
    }

    func isSamePost(as other: Appointment) -> Bool {
        role == other.role && organId == other.organId && schoolId == other.schoolId
    }

    var appointed: StaffAppointed {
        StaffAppointed(
            personId: personId, role: role, organId: organId, schoolId: schoolId, validFrom: validFrom,
            validTo: validTo)
    }

    func dismissed(on day: LocalDate) -> StaffDismissed {
        StaffDismissed(personId: personId, role: role, organId: organId, schoolId: schoolId, endedOn: day)
    }
}
