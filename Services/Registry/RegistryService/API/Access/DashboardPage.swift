import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The overview as a page: figures, a tile for each area, a table with the same numbers, and the trend.
struct DashboardPage {
    let pages: Pages
    let context: BrightContext

    private struct Stat {
        let value: String
        let label: String
        /// Not `path`: every page has one of its own, which would show through where this is nil.
        let link: String?
    }

    private struct Tile {
        let tone: String
        let name: String
        let value: String
        let note: String
        let path: String
    }

    private struct Row {
        let name: String
        let path: String
        let operating: Int
        let connection: String
        let online: String
        let retention: String
        let disclosure: String
        let running: Int
        let overdue: Int
        let isOverdue: Bool
    }

    private struct Line {
        let style: String
        let points: String
    }

    private struct Trend {
        let lines: [Line]
        let grid: [[String: String]]
        let first: String
        let last: String
        let rows: [[String: String]]
    }

    private struct Model {
        let stats: [Stat]
        let tiles: [Tile]
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let trend: Trend?
        let areaLabel: String
    }

    private var words: AccessWords { AccessWords(pages: pages, context: context) }

    func render(_ answer: DashboardQuery.Answer) throws -> Response {
        let total = answer.total
        let model = Model(
            stats: [
                Stat(value: String(total.operating), label: words.text("dashboard.operating"), link: nil),
                Stat(
                    value: total.connectionRate.text, label: words.text("dashboard.connection"),
                    link: "/registry/access?view=connected"),
                Stat(value: total.onlineRate.text, label: words.text("dashboard.online"), link: nil),
                Stat(value: total.retentionRate.text, label: words.text("dashboard.retention"), link: nil),
                Stat(value: total.disclosureRate.text, label: words.text("dashboard.disclosure"), link: nil),
                Stat(
                    value: String(total.overdue), label: words.text("dashboard.overdue"),
                    link: "/registry/access?view=overdue"),
            ],
            tiles: answer.areas.map(tile), rows: answer.areas.map(row),
            isEmpty: answer.areas.isEmpty, text: words.text("dashboard.none"), trend: trend(answer.trend),
            areaLabel: words.text(answer.areas.first?.isStation == true ? "canteen.station" : "canteens.division"))
        return try pages.render(
            "dashboard", context,
            PageMeta(
                title: words.text("dashboard.title"),
                lead: words.text("dashboard.lead", ["time": CameraViews.time(context.now)]), current: "dashboard",
                isWide: true), model: model)
    }

    /// Below 90 % a person should look, below 70 % act; unknown is a tone of its own.
    private static func tone(_ rate: Rate) -> String {
        guard let value = rate.value else { return "" }
        return value >= 0.9 ? "pill--ok" : value >= 0.7 ? "pill--warn" : "pill--error"
    }

    private func name(_ area: DashboardQuery.Area) -> String {
        guard !area.name.isEmpty else { return words.text("dashboard.no_station") }
        return area.isStation ? area.name : area.name.replacing("市场监督管理局", with: "")
    }

    private func path(_ area: DashboardQuery.Area) -> String {
        area.isStation ? "/registry/access" : "/registry/access?division=\(PercentEncoding.queryValue(area.code))"
    }

    private func tile(_ area: DashboardQuery.Area) -> Tile {
        let tally = area.tally
        return Tile(
            tone: Self.tone(tally.connectionRate), name: name(area), value: tally.connectionRate.text,
            note: words.text(
                "dashboard.tile", ["connected": String(tally.connected), "required": String(tally.required)]),
            path: path(area))
    }

    private func row(_ area: DashboardQuery.Area) -> Row {
        let tally = area.tally
        return Row(
            name: name(area), path: path(area), operating: tally.operating, connection: tally.connectionRate.text,
            online: tally.onlineRate.text, retention: tally.retentionRate.text,
            disclosure: tally.disclosureRate.text, running: tally.running, overdue: tally.overdue,
            isOverdue: tally.overdue > 0)
    }

    // MARK: the trend: 0 % at y = 180, 100 % at y = 20

    private func trend(_ days: [(day: LocalDate, tally: AccessTally)]) -> Trend? {
        guard days.count > 1, let first = days.first?.day, let last = days.last?.day else { return nil }
        let span = max(1, last.daysSinceEpoch - first.daysSinceEpoch)
        func points(_ rate: (AccessTally) -> Rate) -> String {
            days.compactMap { item -> String? in
                guard let value = rate(item.tally).value else { return nil }
                let x = 44 + (item.day.daysSinceEpoch - first.daysSinceEpoch) * 840 / span
                return "\(x),\(180 - Int(value * 160))"
            }.joined(separator: " ")
        }
        let grid = [0, 25, 50, 75, 100].map { percent in
            ["y": String(180 - percent * 160 / 100), "label": "\(percent)%"]
        }
        return Trend(
            lines: [
                Line(style: "plot__first", points: points(\.connectionRate)),
                Line(style: "plot__second", points: points(\.onlineRate)),
                Line(style: "plot__third", points: points(\.retentionRate)),
            ].filter { !$0.points.isEmpty }, grid: grid, first: first.iso, last: last.iso,
            rows: days.reversed().map { item in
                [
                    "day": item.day.iso, "connection": item.tally.connectionRate.text,
                    "online": item.tally.onlineRate.text, "retention": item.tally.retentionRate.text,
                ]
            })
    }
}
