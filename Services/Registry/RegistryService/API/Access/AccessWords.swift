import Calendar
import Contracts
import ServiceKit

/// States, clocks and parts of the connection rule in the reader's language.
struct AccessWords: Sendable {
    let pages: Pages
    let context: BrightContext

    func text(_ key: String, _ arguments: [String: String] = [:]) -> String { pages.text(key, context, arguments) }

    func state(_ state: AccessState) -> String { text("access_state.\(state.rawValue)") }

    /// `pill--…` of a state.
    func tone(_ record: AccessRecord) -> String {
        if record.clock == .overdue { return "pill--error" }
        return switch record.state {
        case .connected: "pill--ok"
        case .suspended, .disconnected: "pill--warn"
        case .planned, .building, .applied, .testing: "pill--info"
        case .notRequired: ""
        }
    }

    func tone(_ status: CameraStatus) -> String {
        switch status {
        case .active: "pill--ok"
        case .pending: "pill--info"
        case .degraded, .offline: "pill--error"
        }
    }

    func filing(_ filing: CameraPapers.Filing) -> String {
        switch filing {
        case .notRequired: text("filing.not_required")
        case .undetermined(let date): text("filing.undetermined", ["date": date.iso])
        case .due(let date): text("filing.due", ["date": date.iso])
        case .overdue(let date): text("filing.overdue", ["date": date.iso])
        case .filed(let date): text("filing.filed", ["date": date.iso])
        }
    }

    func clock(_ record: AccessRecord, today: LocalDate) -> String {
        let deadline = record.deadline?.iso ?? ""
        switch record.clock {
        case .none: return text("clock.none")
        case .legacy: return text("clock.legacy")
        case .cancelled: return text("clock.cancelled")
        case .overdue:
            let days = today.daysSinceEpoch - (record.deadline ?? today).daysSinceEpoch
            return text("clock.overdue", ["date": deadline, "n": String(max(1, days))])
        case .running:
            if record.provisional { return text("clock.provisional", ["date": deadline]) }
            let days = (record.deadline ?? today).daysSinceEpoch - today.daysSinceEpoch
            return days == 0
                ? text("clock.today") : text("clock.running", ["date": deadline, "n": String(max(0, days))])
        case .met:
            guard let timeliness = record.timeliness else { return text("clock.met") }
            return text("timeliness.\(timeliness.rawValue)", ["n": String(record.days ?? 0)])
        }
    }

    func part(_ part: UnmetPart) -> String {
        switch part {
        case .zone(let zone): text("part.zone", ["zone": pages.label(zone, context)])
        case .signal(let zone): text("part.signal", ["zone": pages.label(zone, context)])
        case .firstFrame: text("part.first_frame")
        case .disclosure(let category): text("part.disclosure", ["category": pages.label(category, context)])
        case .confirmation: text("part.confirmation")
        }
    }

    func toDo(_ part: UnmetPart) -> String {
        switch part {
        case .zone: text("todo.zone")
        case .signal: text("todo.signal")
        case .firstFrame: text("todo.first_frame")
        case .disclosure: text("todo.disclosure")
        case .confirmation: text("todo.confirmation")
        }
    }

    /// Why suspended and so on: a code of the clock, or an officer's words.
    func reason(_ record: AccessRecord) -> String? {
        guard let reason = record.reason else { return nil }
        return reason.hasPrefix("licence_") ? text("access_reason.\(reason)") : reason
    }

    func history(_ entry: AccessStore.HistoryEntry) -> String {
        let detail = entry.detail
        switch entry.kind {
        case "state":
            let names = ["from", "to"].map { detail[$0].flatMap(AccessState.init) }.map { $0.map(state) ?? "" }
            return text("history.state", ["from": names[0], "to": names[1]])
        case "connected":
            let timeliness = detail["timeliness"] ?? ""
            return text("history.connected") + " · " + text("timeliness.\(timeliness)", ["n": detail["days"] ?? ""])
        case "step":
            let step = text("step.\(detail["step"] ?? "")")
            let reason = detail["reason"] ?? ""
            let known = SpecialReason(rawValue: reason).map { text("special.\($0.rawValue)") } ?? reason
            return known.isEmpty ? step : "\(step)：\(known)"
        default: return text("history.\(entry.kind)", detail)
        }
    }
}
