import Calendar

/// The food-business licence was revoked, cancelled or withdrawn: parent view stops, the quota no longer counts the canteen.
public struct LicenceRevoked: Event {
    public static let type = "brightkitchen.registry.licence.revoked.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// JY number.
    public var licenceNumber: String
    /// Day of the decision.
    public var revokedOn: LocalDate
    /// revoked, cancelled or withdrawn.
    public var reason: String

    public init(
        canteenId: CanteenID,
        licenceNumber: String,
        revokedOn: LocalDate,
        reason: String
    ) {
        self.canteenId = canteenId
        self.licenceNumber = licenceNumber
        self.revokedOn = revokedOn
        self.reason = reason
    }
}
