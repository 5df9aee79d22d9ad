import Calendar
import Contracts

/// A caterer (校外供餐单位) supplies a school from … to; only so long may the school open the caterer's cameras (art 13).
struct SupplyContract: Hashable, Sendable {
    let contractId: ContractID
    let catererId: SchoolID
    let firstDay: LocalDate
    /// Inclusive: visibility ends with this day. Nil = open.
    let lastDay: LocalDate?

    func covers(_ day: LocalDate) -> Bool { day >= firstDay && !hasEnded(by: day) }
    func hasEnded(by day: LocalDate) -> Bool { lastDay.map { day > $0 } ?? false }
}
