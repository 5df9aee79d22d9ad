import Calendar

/// Facts of a licence changed under the same number: dates (renewal, 延续) or state.
public struct LicenceChanged: Event {
    public static let type = "brightkitchen.registry.licence.changed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// JY number.
    public var licenceNumber: String
    /// 发证日期.
    public var issuedOn: LocalDate
    /// 有效期至, inclusive.
    public var validTo: LocalDate
    /// valid, revoked (吊销), cancelled (注销) or withdrawn (撤销).
    public var state: String

    public init(
        canteenId: CanteenID,
        licenceNumber: String,
        issuedOn: LocalDate,
        validTo: LocalDate,
        state: String
    ) {
        self.canteenId = canteenId
        self.licenceNumber = licenceNumber
        self.issuedOn = issuedOn
        self.validTo = validTo
        self.state = state
    }
}
