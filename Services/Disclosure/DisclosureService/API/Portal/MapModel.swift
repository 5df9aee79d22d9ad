import Contracts
import Foundation
import ServiceKit

/// What the page `map` shows: every canteen with a position as a point, drawn to scale, north up. No tiles from
/// elsewhere: nobody learns who looks at which kitchen.
struct MapModel {
    struct Point {
        let path: String
        let x: String
        let y: String
        let tone: String
        /// Dot, diamond or square around the origin: colour is not the only carrier.
        let shape: String
        let label: String
    }

    struct Name {
        let x: String
        let y: String
        let text: String
    }

    struct Choice {
        let value: String
        let label: String
        let isSelected: Bool
    }

    struct Key {
        let tone: String
        let label: String
    }

    /// Units of the drawing; the margin keeps points and names off its edge.
    private static let width = 1000.0
    private static let margin = 60.0

    let points: [Point]
    let names: [Name]
    let height: Int
    let scaleWidth: String
    let scaleStart: Int
    let scaleY: Int
    let scaleTextY: Int
    let scaleLabel: String
    let isEmpty: Bool
    let found: String
    /// nil: every canteen has a position.
    let withoutPosition: String?
    let listPath: String
    let divisions: [Choice]
    let keys: [Key]

    /// `total`: canteens that match, with or without a position.
    init(_ canteens: [CanteenSummary], total: Int, division: Division?, words: PortalWords) {
        let placed = canteens.compactMap { canteen in canteen.position.map { (canteen, $0.wgs84) } }
        let frame = Frame(placed.map(\.1), width: Self.width, margin: Self.margin)
        points = placed.map { canteen, place in
            let state = canteen.licenceState(today: words.today)
            let tone: Tone =
                switch (Tone(state), canteen.openProblems) {
                case (.bad, _): .bad
                case (_, 1...): .warning
                default: .good
                }
            let at = frame.point(place)
            return Point(
                path: "/disclosure/canteens/\(canteen.canteenId.rawValue)", x: Self.text(at.x), y: Self.text(at.y),
                tone: tone.rawValue, shape: Self.shape(tone, radius: placed.count > 200 ? 7 : 11),
                label: [
                    canteen.schoolName, canteen.name, words.text("licence.\(state.rawValue)"),
                    canteen.openProblems == 0
                        ? words.text("list.no_open_problems")
                        : words.text("list.open_problems", ["n": String(canteen.openProblems)]),
                ].joined(separator: " · "))
        }
        names = Dictionary(grouping: placed) { division == nil ? $0.0.divisionCode : $0.0.township ?? "" }
            .filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }
            .map { key, members in
                let spots = members.map { frame.point($0.1) }
                let top = spots.map(\.y).min() ?? 0
                let middle = spots.map(\.x).reduce(0, +) / Double(max(1, spots.count))
                return Name(
                    x: Self.text(middle), y: Self.text(max(24, top - 20)),
                    text: division == nil ? words.division(key) : key)
            }
        height = Int(frame.height)
        scaleWidth = Self.text(frame.scaleUnits)
        scaleStart = 20
        scaleY = height - 18
        scaleTextY = height - 28
        scaleLabel = words.text("map.scale", ["n": Self.text(frame.scaleKilometres)])
        isEmpty = placed.isEmpty
        found = words.text("map.found", ["n": String(placed.count)])
        withoutPosition =
            total > placed.count ? words.text("map.without", ["n": String(total - placed.count)]) : nil
        listPath = division.map { "/disclosure/?division=\($0.code)" } ?? "/disclosure/"
        divisions = Division.all.map {
            Choice(value: $0.code, label: words.name(of: $0), isSelected: $0 == division)
        }
        keys = [
            Key(tone: Tone.good.rawValue, label: words.text("map.good")),
            Key(tone: Tone.warning.rawValue, label: words.text("map.open")),
            Key(tone: Tone.bad.rawValue, label: words.text("map.bad")),
        ]
    }

    private static func shape(_ tone: Tone, radius r: Int) -> String {
        switch tone {
        case .good, .neutral: "M-\(r) 0a\(r) \(r) 0 1 0 \(2 * r) 0a\(r) \(r) 0 1 0 -\(2 * r) 0"
        case .warning: "M0 -\(r + 2)L\(r + 2) 0L0 \(r + 2)L-\(r + 2) 0z"
        case .bad: "M-\(r) -\(r)h\(2 * r)v\(2 * r)h-\(2 * r)z"
        }
    }

    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// Fits the places into the drawing: one scale for both axes, with a degree of longitude shortened by the latitude.
    private struct Frame {
        let height: Double
        let scaleUnits: Double
        let scaleKilometres: Double
        private let west: Double
        private let north: Double
        private let squeeze: Double
        private let unitsPerDegree: Double
        private let margin: Double

        init(_ places: [Place], width: Double, margin: Double) {
            let latitudes = places.map(\.latitude)
            let longitudes = places.map(\.longitude)
            let south = latitudes.min() ?? 0
            let top = latitudes.max() ?? 0
            let left = longitudes.min() ?? 0
            let right = longitudes.max() ?? 0
            squeeze = cos((south + top) / 2 * .pi / 180)
            // At least a kilometre across, so that a single canteen has a map too.
            let span = max((right - left) * squeeze, (top - south) * 0.75, 0.01)
            let inner = width - 2 * margin
            unitsPerDegree = inner / span
            west = (left + right) / 2 - span / 2 / squeeze
            north = top
            self.margin = margin
            height = ((top - south) * unitsPerDegree + 2 * margin + 40).rounded()
            let kilometre = unitsPerDegree / 111.2
            scaleKilometres = [50.0, 20, 10, 5, 2, 1, 0.5, 0.2].first { $0 * kilometre <= inner / 3 } ?? 0.1
            scaleUnits = scaleKilometres * kilometre
        }

        func point(_ place: Place) -> (x: Double, y: Double) {
            (
                margin + (place.longitude - west) * squeeze * unitsPerDegree,
                margin + (north - place.latitude) * unitsPerDegree
            )
        }
    }
}
