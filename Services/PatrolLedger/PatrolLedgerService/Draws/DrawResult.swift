import Contracts

/// What was drawn, in the order of drawing.
struct DrawResult: Codable, Hashable, Sendable {
    struct Pick: Codable, Hashable, Sendable {
        enum Share: String, Codable, Hashable, Sendable {
            case random, risk
        }

        var canteenId: CanteenID
        var share: Share
        /// Fewer than asked for where too many must recuse themselves.
        var inspectorIds: [PersonID]
    }

    var format: String
    var drawId: DrawID
    var inputsHash: String
    var seed: String
    var picks: [Pick]
}
