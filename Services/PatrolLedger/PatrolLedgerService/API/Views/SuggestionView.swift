import Contracts

/// A suggested canteen in the JSON interface, with the reasons of its place.
struct SuggestionView: Codable, Sendable {
    var canteenId: CanteenID
    var name: String
    var schoolName: String
    var township: String?
    var camerasDelivering: Int
    var points: Int
    var factors: [String]
    var formula: String

    init(_ suggestion: Suggestion) {
        canteenId = suggestion.canteenId
        name = suggestion.name
        schoolName = suggestion.schoolName
        township = suggestion.township
        camerasDelivering = suggestion.camerasDelivering
        points = suggestion.score.points
        factors = suggestion.score.factors.map(\.code)
        formula = RiskScore.version
    }
}
