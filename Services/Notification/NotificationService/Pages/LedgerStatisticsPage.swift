import Calendar
import Contracts
import Foundation
import ServiceKit

/// Model of `ledger-statistics.mustache`: the figures as plots drawn here, and as tables for those who do not see plots.
struct LedgerStatisticsPage {
    struct Row {
        let channel: String
        let total: Int
        let arrived: String
        let waiting: Int
        let failed: Int
        let toRead: String
        let toAcknowledge: String
        let y: Int
        let textY: Int
        let bars: [Bar]
    }

    struct Bar {
        let style: String
        let x: String
        let y: String
        let width: String
        let height: String
    }

    struct DayRow {
        let day: String
        let arrived: Int
        let waiting: Int
        let failed: Int
    }

    struct Grid {
        let y: String
        let textY: String
        let label: Int
    }

    private static let width = 840.0
    private static let height = 150.0
    private static let left = 44.0

    let search: [FormField]
    let ledger: String
    let total: Int
    let isEmpty: Bool
    let channels: [Row]
    let channelsHeight: Int
    let bars: [Bar]
    let grid: [Grid]
    let first: String
    let last: String
    let days: [DayRow]

    init(_ figures: DeliveryFigures, _ filter: LedgerFilter, _ pages: Pages, _ context: BrightContext) {
        search = LedgerPage.search(filter, pages, context)
        ledger = "/notification/ledger" + filter.query
        total = figures.total
        isEmpty = figures.total == 0
        let most = Double(max(1, figures.channels.map(\.total).max() ?? 1))
        channels = figures.channels.enumerated().map { index, channel in
            Row(channel, index: index, most: most, pages, context)
        }
        channelsHeight = max(1, figures.channels.count) * 34 + 6
        let top = max(1, figures.days.map(\.total).max() ?? 1)
        bars = Self.bars(figures.days, top: Double(top))
        let marks = top == 1 ? [0, 1] : [0, top / 2, top]
        grid = marks.map { value in
            let y = 10 + Self.height * (1 - Double(value) / Double(top))
            return Grid(y: Self.number(y), textY: Self.number(y + 4), label: value)
        }
        first = figures.from.iso
        last = figures.to.iso
        days = figures.days.filter { $0.total > 0 }.map {
            DayRow(day: $0.day.iso, arrived: $0.arrived, waiting: $0.waiting, failed: $0.failed)
        }
    }

    private static func bars(_ days: [DeliveryFigures.Day], top: Double) -> [Bar] {
        let step = width / Double(max(1, days.count))
        var bars: [Bar] = []
        for (index, day) in days.enumerated() {
            var base = 10 + height
            for (style, count) in [("is-ok", day.arrived), ("is-warn", day.waiting), ("is-error", day.failed)]
            where count > 0 {
                let length = height * Double(count) / top
                base -= length
                bars.append(
                    Bar(
                        style: style, x: number(left + Double(index) * step), y: number(base),
                        width: number(max(1, step * 0.8)), height: number(length)))
            }
        }
        return bars
    }

    fileprivate static func number(_ value: Double) -> String {
        String(format: "%.1f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
}

extension LedgerStatisticsPage.Row {
    fileprivate init(
        _ figures: DeliveryFigures.Channel, index: Int, most: Double, _ pages: Pages, _ context: BrightContext
    ) {
        func count(_ states: LedgerState...) -> Int { states.reduce(0) { $0 + (figures.states[$1.rawValue] ?? 0) } }
        channel = pages.text("notification.channel.\(figures.channel.rawValue)", context)
        total = figures.total
        arrived =
            figures.arrivedShare.map { "\(Int(($0 * 1000).rounded()) / 10).\(Int(($0 * 1000).rounded()) % 10)%" } ?? "—"
        waiting = count(.queued)
        failed = count(.failed, .expired)
        toRead = Self.span(figures.medianSecondsToRead, pages, context)
        toAcknowledge = Self.span(figures.medianSecondsToAcknowledge, pages, context)
        y = 6 + index * 34
        textY = y + 17
        var x = 130.0
        let parts = [
            ("is-ok", count(.sent, .delivered, .read, .acknowledged)), ("is-warn", waiting), ("is-error", failed),
        ]
        var bars: [LedgerStatisticsPage.Bar] = []
        for (style, number) in parts where number > 0 {
            let width = 690 * Double(number) / most
            bars.append(
                LedgerStatisticsPage.Bar(
                    style: style, x: LedgerStatisticsPage.number(x), y: String(y),
                    width: LedgerStatisticsPage.number(width), height: "24"))
            x += width
        }
        self.bars = bars
    }

    private static func span(_ seconds: Double?, _ pages: Pages, _ context: BrightContext) -> String {
        guard let seconds else { return "—" }
        let minutes = Int((seconds / 60).rounded())
        return minutes < 120
            ? pages.text("notification.figures.minutes", context, ["n": String(minutes)])
            : pages.text("notification.figures.hours", context, ["n": String(minutes / 60)])
    }
}
