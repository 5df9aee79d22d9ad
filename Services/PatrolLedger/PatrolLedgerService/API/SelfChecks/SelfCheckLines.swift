import Contracts
import ServiceKit

/// Lines about self-checks that several pages show.
struct SelfCheckLines: Sendable {
    let models: PageModels

    func state(_ check: SelfCheckView, _ context: BrightContext) -> [String: Any] {
        let style =
            switch check.state {
            case .submitted, .reviewed: "ok"
            case .generated, .inProgress: context.now > check.dueBy ? "error" : "warn"
            case .missed: "error"
            case .exempt: "info"
            }
        let key = check.state == .missed && check.madeUpAt != nil ? "made_up" : check.state.rawValue
        return ["label": models.text("patrol.self.state.\(key)", context), "style": style]
    }

    /// `2026-11-23`, `2026-11-23 – 2026-11-29`, `2026-11`.
    func days(_ check: SelfCheckView) -> String {
        switch check.period {
        case .daily: check.firstDay.iso
        case .weekly: "\(check.firstDay.iso) – \(check.lastDay.iso)"
        case .monthly: String(check.firstDay.iso.prefix(7))
        }
    }

    func line(_ check: SelfCheckView, _ context: BrightContext) -> [String: Any] {
        let span = SelfCheckSpan(check.period, containing: check.firstDay)
        return [
            "href": PatrolPaths.selfCheck(check.canteenId, span), "period": models.pages.label(check.period, context),
            "days": days(check), "school": check.schoolName, "canteen": check.canteenName,
            "state": state(check, context), "due": DisplayTime.minute(check.dueBy),
            "isClear": check.noProblemFound == true, "hasFindings": check.noProblemFound == false,
            "isFlagged": !check.qualityFlags.isEmpty, "isDraft": check.state == .inProgress,
        ]
    }

    func count(_ count: SelfCheckCompletion.Count) -> [String: Any] {
        var model: [String: Any] = [
            "done": count.onTime, "owed": count.onTime + count.missed, "missed": count.missed, "open": count.open,
            "exempt": count.exempt, "madeUp": count.madeUp, "unknown": count.unknown, "flagged": count.flagged,
            "hasMissed": count.missed > 0, "hasMadeUp": count.madeUp > 0, "hasUnknown": count.unknown > 0,
            "hasFlagged": count.flagged > 0, "hasOpen": count.open > 0,
        ]
        if let rate = count.ratePermille { model["rate"] = "\(rate / 10).\(rate % 10) %" }
        return model
    }
}
