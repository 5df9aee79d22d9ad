import Calendar

/// A catering contract (供餐合同) is in force from the beginning of this day: the caterer serves the canteen (art 13).
public struct ContractStarted: Event {
    public static let type = "brightkitchen.registry.contract.started.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var contractId: ContractID
    /// Canteen that is served; partition key.
    public var canteenId: CanteenID
    /// School of the canteen.
    public var schoolId: SchoolID
    /// Institution of the caterer (集体用餐配送单位).
    public var catererId: SchoolID
    /// The caterer's central kitchen, whose cameras the school may see.
    public var catererCanteenId: CanteenID
    /// JY2 number of the caterer.
    public var catererLicenceNumber: String
    /// First day.
    public var startsOn: LocalDate
    /// Last day, inclusive; absent = open.
    public var endsOn: LocalDate?
    /// Meals it covers: breakfast, lunch, dinner, supper.
    public var meals: [String]
    /// Diners by contract.
    public var diners: Int

    public init(
        contractId: ContractID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        catererId: SchoolID,
        catererCanteenId: CanteenID,
        catererLicenceNumber: String,
        startsOn: LocalDate,
        endsOn: LocalDate? = nil,
        meals: [String],
        diners: Int
    ) {
        self.contractId = contractId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.catererId = catererId
        self.catererCanteenId = catererCanteenId
        self.catererLicenceNumber = catererLicenceNumber
        self.startsOn = startsOn
        self.endsOn = endsOn
        self.meals = meals
        self.diners = diners
    }
}
