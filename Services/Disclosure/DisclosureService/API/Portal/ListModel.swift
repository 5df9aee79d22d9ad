import Contracts
import ServiceKit

/// What the page `list` shows.
struct ListModel {
    struct Choice {
        let value: String
        let label: String
        let isSelected: Bool
    }

    /// A filter with few values.
    struct Selection {
        let name: String
        let label: String
        /// The value that filters nothing.
        let every: String
        let options: [Choice]
    }

    struct Near {
        let near: String
        let radius: Int
    }

    struct Entry {
        let path: String
        let schoolName: String
        let canteenName: String
        let type: String
        let place: String
        let licence: String
        let licenceTone: String
        let published: String
        let publishedTone: String
        let problems: String
        let problemsTone: String
        let cameras: String
        let camerasTone: String
        let isClosed: Bool
        let grade: String
        let gradeTone: String
        /// nil where no place was asked for.
        let distance: String?
    }

    let query: String
    let divisions: [Choice]
    let choices: [Selection]
    /// One of them is in use.
    let isRefined: Bool
    let near: Near?
    let nearText: String?
    let entries: [Entry]
    let isEmpty: Bool
    let isFiltered: Bool
    let found: String
    /// nil when everything fits on one page.
    let pager: Pager?

    init(_ filter: CanteenFilter, _ page: PageOf<CanteenSummary>, words: PortalWords) {
        query = filter.text ?? ""
        divisions = Division.all.map { division in
            Choice(value: division.code, label: words.name(of: division), isSelected: division == filter.division)
        }
        choices = Self.selections(filter, words)
        isRefined = choices.contains { $0.options.contains(where: \.isSelected) }
        near = filter.near.map { Near(near: Self.text($0.place), radius: $0.radius) }
        nearText = filter.near.map { words.text("near.within", ["n": Self.kilometres($0.radius)]) }
        entries = page.items.map { Self.entry($0, words) }
        isEmpty = page.items.isEmpty
        isFiltered = filter != CanteenFilter()
        found = words.text("list.found", ["n": String(page.total)])
        var pairs: [String] = []
        if let text = filter.text { pairs.append("q=\(PercentEncoding.queryValue(text))") }
        if let division = filter.division { pairs.append("division=\(division.code)") }
        if let township = filter.township { pairs.append("township=\(PercentEncoding.queryValue(township))") }
        if let grade = filter.grade { pairs.append("grade=\(grade.rawValue)") }
        if let type = filter.schoolType { pairs.append("school_type=\(type.rawValue)") }
        if let isComplete = filter.isComplete { pairs.append("complete=\(isComplete)") }
        if let isOperating = filter.isOperating { pairs.append("operating=\(isOperating)") }
        if let isCaterer = filter.isCaterer { pairs.append("caterer=\(isCaterer)") }
        if let hasOpenProblems = filter.hasOpenProblems { pairs.append("open_problems=\(hasOpenProblems)") }
        if let near = filter.near { pairs.append("near=\(Self.text(near.place))&radius=\(near.radius)") }
        if filter.order != (filter.near == nil ? .place : .distance) { pairs.append("sort=\(filter.order.rawValue)") }
        let path = pairs.isEmpty ? "/disclosure/" : "/disclosure/?" + pairs.joined(separator: "&")
        pager = page.pageCount > 1 ? page.pager(path: path) : nil
    }

    private static func selections(_ filter: CanteenFilter, _ words: PortalWords) -> [Selection] {
        func choice(_ value: String, _ key: String, _ isSelected: Bool) -> Choice {
            Choice(value: value, label: words.text(key), isSelected: isSelected)
        }
        return [
            Selection(
                name: "grade", label: words.text("verdict.grade"), every: words.text("list.any"),
                options: CanteenFilter.Grade.allCases.map {
                    choice($0.rawValue, "grade.\($0.rawValue)", $0 == filter.grade)
                }),
            Selection(
                name: "open_problems", label: words.text("verdict.problems"), every: words.text("list.any"),
                options: [
                    choice("true", "list.with_open_problems", filter.hasOpenProblems == true),
                    choice("false", "list.no_open_problems", filter.hasOpenProblems == false),
                ]),
            Selection(
                name: "sort", label: words.text("list.order"),
                every: words.text(filter.near == nil ? "list.order_place" : "list.order_distance"),
                options: [CanteenOrder.completeness, .openProblems, .licenceEnd].map {
                    choice($0.rawValue, "list.order_\($0.rawValue)", $0 == filter.order)
                }),
        ]
    }

    private static func text(_ place: Place) -> String { "\(place.latitude),\(place.longitude)" }

    /// One decimal below ten kilometres.
    private static func kilometres(_ metres: Int) -> String {
        let tenths = (metres + 50) / 100
        return tenths >= 100 || tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }

    private static func entry(_ summary: CanteenSummary, _ words: PortalWords) -> Entry {
        let state = summary.licenceState(today: words.today)
        let present = summary.completeness.present.count
        return Entry(
            path: "/disclosure/canteens/\(summary.canteenId.rawValue)", schoolName: summary.schoolName,
            canteenName: summary.name, type: words.label(summary.schoolType), place: words.place(summary),
            licence: words.text("licence.\(state.rawValue)"), licenceTone: Tone(state).rawValue,
            published: words.text("list.published", ["n": String(present), "of": String(summary.completeness.total)]),
            publishedTone: (present == summary.completeness.total ? Tone.good : .neutral).rawValue,
            problems: summary.openProblems == 0
                ? words.text("list.no_open_problems")
                : words.text("list.open_problems", ["n": String(summary.openProblems)]),
            problemsTone: (summary.openProblems == 0 ? Tone.good : .warning).rawValue,
            cameras: summary.activeCameras == 0
                ? words.text("list.not_connected")
                : words.text("list.cameras", ["n": String(summary.activeCameras)]),
            camerasTone: (summary.activeCameras == 0 ? Tone.neutral : .good).rawValue, isClosed: !summary.operating,
            grade: words.text("grade.\(summary.grade ?? CanteenFilter.Grade.ungraded.rawValue)"),
            gradeTone: (["excellent": Tone.good, "good": .good, "fair": .warning][summary.grade ?? ""] ?? .neutral)
                .rawValue, distance: summary.distance.map { words.text("near.distance", ["n": kilometres($0)]) })
    }
}
