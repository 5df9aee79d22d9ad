/// How many of the nine categories a canteen has public (or declared not applicable).
public struct CompletenessChanged: Event {
    public static let type = "brightkitchen.disclosure.completeness.changed.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Categories with a published item.
    public var present: [DisclosureCategory]
    /// Categories without.
    public var missing: [DisclosureCategory]

    public init(
        canteenId: CanteenID,
        present: [DisclosureCategory],
        missing: [DisclosureCategory]
    ) {
        self.canteenId = canteenId
        self.present = present
        self.missing = missing
    }
}
