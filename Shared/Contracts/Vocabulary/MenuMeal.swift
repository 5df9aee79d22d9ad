/// What a canteen serves at one meal (餐次).
public struct MenuMeal: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, CaseIterable, Sendable {
        /// 早餐.
        case breakfast
        /// 午餐.
        case lunch
        /// 晚餐.
        case dinner
    }

    public var meal: Kind
    /// Dishes as the school names them, screened for personal data.
    public var dishes: [String]

    public init(meal: Kind, dishes: [String]) {
        self.meal = meal
        self.dishes = dishes
    }
}
