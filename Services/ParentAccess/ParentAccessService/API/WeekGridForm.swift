import ServiceKit

/// The week grid of a form. A browser's time field knows no 24:00: an end of 00:00 or 23:59 is the end of the day.
/// Fields `from_<weekday>_<slot>` and `to_<weekday>_<slot>`, two slots a day, empty = closed.
enum WeekGridForm {
    static let slots = 2

    /// The windows, or the fault of the first incomplete one.
    static func windows(_ form: FormData) throws -> [WeeklyWindow] {
        var windows: [WeeklyWindow] = []
        for weekday in 1...7 {
            for slot in 0..<slots {
                let from = form.optional("from_\(weekday)_\(slot)")
                let to = form.optional("to_\(weekday)_\(slot)")
                if from == nil, to == nil { continue }
                guard let from = from.flatMap({ TimeOfDay(text: $0.prefix(5)) }),
                    let to = to.flatMap({ Self.end($0.prefix(5)) })
                else {
                    throw Problem.invalid(
                        "windows", code: WindowFault.incomplete.rawValue, zh: "每个时段都要填写起止时间。",
                        en: "A window needs both a start and an end.", allowed: "HH:MM")
                }
                windows.append(WeeklyWindow(weekday: weekday, from: from, to: to))
            }
        }
        return windows
    }

    private static func end(_ text: Substring) -> TimeOfDay? {
        TimeOfDay(text: text == "00:00" || text == "23:59" ? "24:00" : text)
    }

    private static func shown(_ end: TimeOfDay) -> String { end.minutes == 1440 ? "23:59" : end.text }

    /// Rows for the template, with what was typed or the given windows.
    static func rows(_ pages: Pages, _ context: BrightContext, typed: FormData?, windows: [WeeklyWindow]) -> [Row] {
        (1...7).map { weekday in
            let day = windows.filter { $0.weekday == weekday }
            let label = pages.text("weekday.d\(weekday)", context)
            return Row(
                label: label,
                cells: (0..<slots).map { slot in
                    let window = slot < day.count ? day[slot] : nil
                    return Cell(
                        fromName: "from_\(weekday)_\(slot)", toName: "to_\(weekday)_\(slot)",
                        from: typed.map { $0.optional("from_\(weekday)_\(slot)") ?? "" } ?? window?.from.text ?? "",
                        to: typed.map { $0.optional("to_\(weekday)_\(slot)") ?? "" } ?? window.map { Self.shown($0.to) }
                            ?? "",
                        label: "\(label) \(slot + 1)")
                })
        }
    }

    struct Row: Sendable {
        let label: String
        let cells: [Cell]
    }

    struct Cell: Sendable {
        let fromName: String
        let toName: String
        let from: String
        let to: String
        let label: String
    }
}
