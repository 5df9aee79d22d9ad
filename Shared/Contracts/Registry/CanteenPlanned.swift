import Calendar

/// A canteen without a food-business licence (筹建, 证前) entered the register or its facts changed: art 5 wants kitchens
/// connected before the licence. It never operates. `canteen.registered` follows when the licence is issued, and from
/// then on `canteen.changed` tells its changes.
public struct CanteenPlanned: Event {
    public static let type = "brightkitchen.registry.canteen.planned.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id, also the partition key.
    public var canteenId: CanteenID
    /// Name of the canteen (食堂名称) as registered.
    public var name: String
    /// Institution that runs or orders from the canteen; for a caterer the caterer itself.
    public var schoolId: SchoolID
    /// Registered name of the institution.
    public var schoolName: String
    /// 学校类型.
    public var schoolType: SchoolType
    /// Always false today: a 集体用餐配送单位 is registered with its licence (art 13).
    public var isCaterer: Bool
    /// Unified social credit code of the institution (GB 32100-2015).
    public var uscc: String
    /// GB/T 2260 county-level division, six digits.
    public var divisionCode: String
    /// Statutory township or subdistrict; absent where the roster has none.
    public var township: String?
    /// 市直: the school is directly under the city, not a county bureau.
    public var cityDirect: Bool
    /// Station (基层监管所) whose area covers the township; absent where none is loaded.
    public var stationOrganId: OrganID?
    /// County market-supervision organ of the division.
    public var countyOrganId: OrganID?
    /// City market-supervision organ.
    public var cityOrganId: OrganID?
    /// Stored field, not derived (art 4): 主管部门.
    public var supervisingDepartment: Department
    /// Bureau that supervises the school: county bureau, or the city bureau for a city-direct school.
    public var supervisingOrganId: OrganID?
    /// 供餐方式 as registered: 自营, 承包, 校外供餐, 集体配送.
    public var servingMode: String
    /// 用餐人数.
    public var diners: Int
    /// Zone groups the canteen declares (domain §7.1).
    public var zones: [ZoneCode]
    /// Day on which the school applied for the licence (许可申请日期); absent where it has not, or the roster does not say.
    public var licenceAppliedOn: LocalDate?
    /// Licence of the caterer that delivers, where the serving mode is 校外供餐.
    public var catererLicenceNumber: String?
    /// Degrees north, six decimals, in the coordinate system named; absent where the roster states no position.
    public var latitude: Double?
    /// Degrees east, six decimals, in the coordinate system named.
    public var longitude: Double?
    /// What the two are measured in; absent with them.
    public var coordinateSystem: CoordinateSystem?

    public init(
        canteenId: CanteenID,
        name: String,
        schoolId: SchoolID,
        schoolName: String,
        schoolType: SchoolType,
        isCaterer: Bool,
        uscc: String,
        divisionCode: String,
        township: String? = nil,
        cityDirect: Bool,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        cityOrganId: OrganID? = nil,
        supervisingDepartment: Department,
        supervisingOrganId: OrganID? = nil,
        servingMode: String,
        diners: Int,
        zones: [ZoneCode],
        licenceAppliedOn: LocalDate? = nil,
        catererLicenceNumber: String? = nil,
        latitude: Double? = nil,
        longitude: Double? = nil,
        coordinateSystem: CoordinateSystem? = nil
    ) {
        self.canteenId = canteenId
        self.name = name
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.schoolType = schoolType
        self.isCaterer = isCaterer
        self.uscc = uscc
        self.divisionCode = divisionCode
        self.township = township
        self.cityDirect = cityDirect
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.cityOrganId = cityOrganId
        self.supervisingDepartment = supervisingDepartment
        self.supervisingOrganId = supervisingOrganId
        self.servingMode = servingMode
        self.diners = diners
        self.zones = zones
        self.licenceAppliedOn = licenceAppliedOn
        self.catererLicenceNumber = catererLicenceNumber
        self.latitude = latitude
        self.longitude = longitude
        self.coordinateSystem = coordinateSystem
    }
}
