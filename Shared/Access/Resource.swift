import Contracts

/// Where a record belongs: what a decision needs to know about it. Give every fact that is known; a fact that is missing
/// never widens access.
public struct Resource: Hashable, Sendable {
    public var divisionCode: String?
    public var stationOrganId: OrganID?
    public var countyOrganId: OrganID?
    public var cityOrganId: OrganID?
    /// The organ that owns the record itself: a patrol plan, an inbox, a webhook endpoint, an account of an organ.
    public var organId: OrganID?
    /// The bureau that supervises the school (主管部门).
    public var supervisingOrganId: OrganID?
    public var supervisingDepartment: Department?
    public var schoolId: SchoolID?
    public var catererId: SchoolID?
    /// The days of the contract that makes `catererId` one's concern; nil where the relation does not end by
    /// days (a caterer's own kitchen).
    public var catererDays: ContractDays?

    public init(
        divisionCode: String? = nil,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        cityOrganId: OrganID? = nil,
        organId: OrganID? = nil,
        supervisingOrganId: OrganID? = nil,
        supervisingDepartment: Department? = nil,
        schoolId: SchoolID? = nil,
        catererId: SchoolID? = nil,
        catererDays: ContractDays? = nil
    ) {
        self.divisionCode = divisionCode
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.cityOrganId = cityOrganId
        self.organId = organId
        self.supervisingOrganId = supervisingOrganId
        self.supervisingDepartment = supervisingDepartment
        self.schoolId = schoolId
        self.catererId = catererId
        self.catererDays = catererDays
    }
}
