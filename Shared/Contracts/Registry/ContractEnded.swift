import Calendar

/// A catering contract is no longer in force: the caterer's cameras are closed to the school and its parents at once.
public struct ContractEnded: Event {
    public static let type = "brightkitchen.registry.contract.ended.v1"
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
    /// Last day on which it was in force.
    public var endedOn: LocalDate
    /// expired, terminated, licence_ended or replaced.
    public var reason: String

    public init(
        contractId: ContractID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        catererId: SchoolID,
        catererCanteenId: CanteenID,
        catererLicenceNumber: String,
        endedOn: LocalDate,
        reason: String
    ) {
        self.contractId = contractId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.catererId = catererId
        self.catererCanteenId = catererCanteenId
        self.catererLicenceNumber = catererLicenceNumber
        self.endedOn = endedOn
        self.reason = reason
    }
}
