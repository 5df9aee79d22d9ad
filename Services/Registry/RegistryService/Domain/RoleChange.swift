import Calendar
import Contracts

/// A new appointment of a person, as it is proposed and approved by two persons.
public struct RoleChange: Codable, Hashable, Sendable {
    public let personId: PersonID
    public let role: Role
    public let organId: OrganID?
    public let schoolId: SchoolID?
    /// Name of organ or institution, for the person who decides.
    public let place: String?
    public let validFrom: LocalDate
    /// Inclusive; nil = open.
    public let validTo: LocalDate?

    var appointment: Appointment {
        Appointment(
            personId: personId, role: role, organId: organId, schoolId: schoolId, validFrom: validFrom,
            validTo: validTo)
    }
}
