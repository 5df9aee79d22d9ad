import Calendar

/// A food-business licence (食品经营许可证) was recorded for a canteen: its first, or another number than before.
public struct LicenceIssued: Event {
    public static let type = "brightkitchen.registry.licence.issued.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// JY number.
    public var licenceNumber: String
    /// 发证日期; the ten working days of art 5 count from it.
    public var issuedOn: LocalDate
    /// 有效期至, inclusive.
    public var validTo: LocalDate
    /// True where the canteen had no licence before; a renewal or a new number starts no clock.
    public var isFirst: Bool
    /// Number that it replaces.
    public var previousNumber: String?

    public init(
        canteenId: CanteenID,
        licenceNumber: String,
        issuedOn: LocalDate,
        validTo: LocalDate,
        isFirst: Bool,
        previousNumber: String? = nil
    ) {
        self.canteenId = canteenId
        self.licenceNumber = licenceNumber
        self.issuedOn = issuedOn
        self.validTo = validTo
        self.isFirst = isFirst
        self.previousNumber = previousNumber
    }
}
