import Access
import Contracts

extension Canteen {
    /// What a decision needs to know about the canteen and everything that belongs to it.
    /// `caterer`: the institution that delivers, where there is one.
    public func resource(caterer: SchoolID? = nil) -> Resource {
        Resource(
            divisionCode: institution.divisionCode, stationOrganId: assignment.station,
            countyOrganId: assignment.county, cityOrganId: assignment.city,
            supervisingOrganId: assignment.supervising, supervisingDepartment: institution.department,
            schoolId: institution.id, catererId: caterer ?? (institution.isCaterer ? institution.id : nil))
    }
}
