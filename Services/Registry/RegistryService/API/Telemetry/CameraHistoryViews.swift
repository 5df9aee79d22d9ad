import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The page of a camera's signal and recordings.
struct CameraHistoryViews: Sendable {
    /// Gaps and changes listed in full; older ones are in the JSON interface.
    private static let listed = 100

    let pages: Pages

    private struct Bar {
        let x: String
        let width: String
        let style: String
        let title: String
    }

    private struct Tile {
        let x: String
        let y: String
        let width: String
        let height: String
        let style: String
        let label: String
        let labelX: String
        let title: String
    }

    private struct Gap {
        let from: String
        let to: String
        let length: String
    }

    private struct Model {
        let place: String
        let canteenPath: String
        let status: String
        let isOnline: Bool
        let share: String
        let retention: String
        let isRetentionOK: Bool
        let isRetentionShort: Bool
        let retentionText: String
        let since: String
        let bars: [Bar]
        let hasSignal: Bool
        let signalCaption: String
        let tiles: [Tile]
        let hasTiles: Bool
        let coverageCaption: String
        let today: String
        let gaps: [Gap]
        let hasGaps: Bool
        let moreGaps: String?
        let changes: [[String: String]]
        let form: Form?
        let hasFaults: Bool
        let faults: [[String: String]]
        let outagePath: String
        let coveragePath: String
        let gapsPath: String
    }

    private struct Form {
        let action: String
        let fields: [FormField]
    }

    func history(
        _ history: CameraHistory, _ canteen: Canteen, mayChange: Bool, problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) throws -> Response {
        func text(_ key: String, _ arguments: [String: String] = [:]) -> String { pages.text(key, context, arguments) }
        let day: Int64 = 86_400_000_000
        let dayStart = context.now.microseconds - day
        let gaps = history.days.flatMap(\.gaps.spans).reversed()
        let standing = history.standing
        let file = "?camera_id=\(history.camera.id)&from=\(history.from.iso)&through=\(history.through.iso)"
        let model = Model(
            place: "\(canteen.institution.name) · \(canteen.name)", canteenPath: "/registry/canteens/\(canteen.id)",
            status: pages.label(history.camera.status, context), isOnline: history.camera.status == .active,
            share: history.signalShare.map { Self.percent($0) } ?? text("history.unknown"),
            retention: text("retention.\(standing?.state.rawValue ?? "new")"),
            isRetentionOK: standing?.state == .met, isRetentionShort: standing?.state == .short,
            retentionText: retentionText(standing, context),
            since: history.since.map { CameraViews.time($0) } ?? text("history.not_in_use"),
            bars: history.intervals.compactMap { bar($0, from: dayStart, to: context.now.microseconds, context) },
            hasSignal: !history.intervals.isEmpty, signalCaption: text("history.last_day"),
            tiles: tiles(history, context), hasTiles: !history.days.isEmpty,
            coverageCaption: text(
                "history.days_caption", ["from": history.from.iso, "to": history.through.iso]),
            today: history.today.map { text("history.today", ["t": Self.length($0.total)]) }
                ?? text("history.today_none"),
            gaps: gaps.prefix(Self.listed).map {
                Gap(
                    from: CameraViews.time(Instant(microseconds: $0.from * 1000)),
                    to: CameraViews.time(Instant(microseconds: $0.to * 1000)), length: Self.length($0.length))
            }, hasGaps: !gaps.isEmpty,
            moreGaps: gaps.count > Self.listed
                ? text("history.more_gaps", ["n": String(gaps.count - Self.listed)]) : nil,
            changes: history.intervals.suffix(20).reversed().map {
                ["time": CameraViews.time($0.from), "state": text("signal.\($0.state.rawValue)")]
            },
            form: mayChange ? form(history, problem, context) : nil,
            hasFaults: problem?.faults.isEmpty == false,
            faults: problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? [],
            outagePath: "/registry/outages",
            coveragePath: "/registry/v1/coverage/export.csv" + file, gapsPath: "/registry/v1/gaps/export.csv" + file)
        return try pages.render(
            "camera-history", context,
            PageMeta(
                title: history.camera.name,
                crumbs: [
                    Crumb(text("canteens.title"), "/registry/canteens"),
                    Crumb(canteen.institution.name, "/registry/canteens/\(canteen.id)"), Crumb(text("history.title")),
                ], lead: text("history.lead"), current: "faults", isWide: true),
            model: model, status: status)
    }

    private func retentionText(_ standing: CoverageStore.Standing?, _ context: BrightContext) -> String {
        guard let standing else { return pages.text("history.no_day", context) }
        let rate =
            standing.operatingMs > 0 ? Self.percent(Double(standing.recordedMs) / Double(standing.operatingMs)) : "–"
        return pages.text(
            "history.standing", context,
            [
                "n": String(standing.minimumDays), "d": String(standing.coveredDays), "p": rate,
                "day": standing.throughDay.iso,
            ])
    }

    /// A piece of the line of the last 24 hours, 960 units wide.
    private func bar(
        _ interval: SignalIntervalStore.Interval, from: Int64, to: Int64, _ context: BrightContext
    ) -> Bar? {
        let begin = max(interval.from.microseconds, from)
        let end = min(interval.to?.microseconds ?? to, to)
        guard end > begin else { return nil }
        let scale = 960.0 / Double(to - from)
        let state = pages.text("signal.\(interval.state.rawValue)", context)
        return Bar(
            x: Self.number(Double(begin - from) * scale), width: Self.number(max(1, Double(end - begin) * scale)),
            style: interval.state.rawValue,
            title:
                "\(state) \(CameraViews.time(Instant(microseconds: begin))) – \(CameraViews.time(Instant(microseconds: end)))"
        )
    }

    /// One column a day, as high as the share that was recorded.
    private func tiles(_ history: CameraHistory, _ context: BrightContext) -> [Tile] {
        let count = max(1, history.through.daysSinceEpoch - history.from.daysSinceEpoch + 1)
        let step = 960.0 / Double(count)
        return history.days.map { day in
            let share = day.operatingMs > 0 ? Double(day.recordedMs) / Double(day.operatingMs) : 0
            let height = day.state == .unproven || day.state == .exempt ? 100 : max(2, share * 100)
            let position = Double(day.day.daysSinceEpoch - history.from.daysSinceEpoch) * step
            let value =
                day.state == .unproven || day.state == .exempt
                ? pages.text("coverage.\(day.state.rawValue)", context) : Self.percent(share)
            return Tile(
                x: Self.number(position + 1), y: Self.number(100 - height),
                width: Self.number(max(1, step - 3)), height: Self.number(height),
                style: day.state.rawValue, label: String(day.day.day), labelX: Self.number(position + step / 2),
                title: "\(day.day.iso) \(value)")
        }
    }

    private func form(_ history: CameraHistory, _ problem: Problem?, _ context: BrightContext) -> Form {
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        return Form(
            action: "/registry/cameras/\(history.camera.id)/retention",
            fields: [
                FormField(
                    "regime", label: pages.text("history.regime", context), kind: .select,
                    hint: pages.text("history.regime_hint", context), fault: fault("regime"),
                    options: RetentionRegime.allCases.map {
                        .init(
                            value: $0.rawValue, label: pages.text("regime.\($0.rawValue)", context),
                            isSelected: $0 == history.policy?.regime)
                    }),
                FormField(
                    "promised_days", label: pages.text("history.promised", context),
                    value: history.policy?.promisedDays.map(String.init) ?? "", type: "number",
                    hint: pages.text("history.promised_hint", context), fault: fault("promised_days"), isOptional: true),
            ])
    }

    /// `97.3 %`, cut, never rounded up: 100 % is all of it.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded(.down))
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// `5:59:59` from milliseconds.
    static func length(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    private static func number(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
