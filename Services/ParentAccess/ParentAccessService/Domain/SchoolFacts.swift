import Calendar
import Contracts

/// What a decision must know about the school of a representative.
struct SchoolFacts: Hashable, Sendable {
    var calendar = SchoolCalendar.none
    var suppliers: [SupplyContract] = []

    static let none = SchoolFacts()

    /// Does a caterer supply the school on that day?
    func isSupplied(by caterer: SchoolID, on day: LocalDate) -> Bool {
        suppliers.contains { $0.catererId == caterer && $0.covers(day) }
    }

    /// Has the caterer ever been a supplier that this service knows of?
    func knows(supplier caterer: SchoolID) -> Bool { suppliers.contains { $0.catererId == caterer } }
}
