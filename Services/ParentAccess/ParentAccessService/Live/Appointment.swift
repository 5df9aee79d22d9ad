import Access
import Contracts

/// A person in a role: what an appointment or a dismissal is about.
struct Appointment: Hashable, Sendable {
    let personId: PersonID
    let role: Role

    init(personId: PersonID, role: Role) {
        self.personId = personId
        self.role = role
    }

    init(_ principal: Principal) {
        self.init(personId: principal.personId, role: principal.role)
    }
}
