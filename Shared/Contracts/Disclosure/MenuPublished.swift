import Calendar

/// A canteen's menu (食谱) of one day became public, or was corrected. Voluntary: none of the nine categories.
public struct MenuPublished: Event {
    public static let type = "brightkitchen.disclosure.menu.published.v1"
    public var topic: Topic { .disclosure }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Day of the meals, in the city.
    public var day: LocalDate
    /// 1 for the first publication; a correction is the next one.
    public var version: Int
    /// Meals with their dishes; meals that are not served are absent.
    public var meals: [MenuMeal]
    /// Time of publication.
    public var publishedAt: Instant

    public init(
        canteenId: CanteenID,
        day: LocalDate,
        version: Int,
        meals: [MenuMeal],
        publishedAt: Instant
    ) {
        self.canteenId = canteenId
        self.day = day
        self.version = version
        self.meals = meals
        self.publishedAt = publishedAt
    }
}
