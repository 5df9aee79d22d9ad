import Access
import Contracts

/// The institution that delivers to a canteen.
struct CatererRelation: Hashable, Sendable {
    let id: SchoolID
    let name: String
    /// Its central kitchen.
    let canteen: CanteenID
    /// Days of the contract; nil where the roster names the caterer without one.
    let days: ContractDays?
}

extension Canteen {
    /// What a decision needs to know about the canteen and everything that belongs to it.
    func resource(caterer: CatererRelation? = nil) -> Resource {
        Resource(
            divisionCode: institution.divisionCode, stationOrganId: assignment.station,
            countyOrganId: assignment.county, cityOrganId: assignment.city,
            supervisingOrganId: assignment.supervising, supervisingDepartment: institution.department,
            schoolId: institution.id, catererId: caterer?.id ?? (institution.isCaterer ? institution.id : nil),
            catererDays: caterer?.days)
    }
}
