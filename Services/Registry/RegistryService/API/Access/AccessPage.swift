import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// One canteen's connection: state, deadline with its reasons, to-do list, cameras, history, and the forms of whoever
/// may act.
struct AccessPage {
    let pages: Pages
    let context: BrightContext

    struct Content {
        let canteen: Canteen
        let record: AccessRecord
        let explanation: WorkingDayDeadline?
        let edition: CalendarEdition
        let cameras: [Camera]
        let frames: [CameraID: FrameSummaries.Summary]
        let history: [AccessStore.HistoryEntry]
        let problem: Problem?
    }

    private struct Part {
        let title: String
        let todo: String
        let when: String?
        let isMet: Bool
    }

    private struct CameraRow {
        let name: String
        let zone: String
        let status: String
        let tone: String
        let papersPath: String
        let rejection: String?
    }

    private struct Form {
        let action: String
        let title: String
        let hint: String?
        let fields: [FormField]
        let buttons: [FormField.Option]
    }

    private struct Model {
        let state: String
        let tone: String
        let clock: String
        let reason: String?
        let isOverdue: Bool
        let isProvisional: Bool
        let facts: [[String: String]]
        let days: [[String: String]]
        let skipped: [[String: String]]
        let hasDays: Bool
        let parts: [Part]
        let isComplete: Bool
        let cameras: [CameraRow]
        let hasCameras: Bool
        let history: [[String: String]]
        let forms: [Form]
        let alert: String?
        let unmet: [String]
        let hasFaults: Bool
        let faults: [[String: String]]
        let canteenPath: String
        let calendarPath: String
    }

    private var words: AccessWords { AccessWords(pages: pages, context: context) }

    func render(_ content: Content, status: HTTPResponse.Status) throws -> Response {
        let record = content.record
        let canteen = content.canteen
        let isConflict = content.problem?.status == .conflict
        let faults = content.problem?.faults ?? []
        let parts = parts(record, canteen)
        let model = Model(
            state: words.state(record.state), tone: words.tone(record),
            clock: words.clock(record, today: LocalDate(context.now)), reason: words.reason(record),
            isOverdue: record.clock == .overdue, isProvisional: record.clock.isOpen && record.provisional,
            facts: facts(content), days: days(content), skipped: skipped(content),
            hasDays: content.explanation != nil && record.clock != .legacy, parts: parts,
            isComplete: parts.allSatisfy(\.isMet), cameras: content.cameras.map { camera($0, content) },
            hasCameras: !content.cameras.isEmpty,
            history: content.history.map { ["time": CameraViews.time($0.at), "text": words.history($0)] },
            forms: forms(record, canteen, isConflict ? [] : faults),
            alert: isConflict ? content.problem?.detail[context.language] : nil,
            unmet: isConflict ? faults.compactMap { UnmetPart(code: $0.field).map(words.part) } : [],
            hasFaults: !isConflict && !faults.isEmpty,
            faults: isConflict ? [] : faults.map { ["field": $0.field, "detail": $0.detail[context.language]] },
            canteenPath: "/registry/canteens/\(canteen.id)",
            calendarPath: "/registry/calendar" + (record.startedOn.map { "?issued_on=\($0.iso)" } ?? ""))
        return try pages.render(
            "access", context,
            PageMeta(
                title: "\(canteen.institution.name) · \(canteen.name)",
                crumbs: [Crumb(words.text("access.title"), "/registry/access"), Crumb(canteen.name)],
                lead: words.text("access.page_lead"), current: "access"),
            model: model, status: status)
    }

    private func fact(_ key: String, _ value: String) -> [String: String] {
        ["label": words.text(key), "value": value]
    }

    private func facts(_ content: Content) -> [[String: String]] {
        let record = content.record
        var facts: [[String: String]] = []
        if let started = record.startedOn { facts.append(fact("access.issued_on", started.iso)) }
        if let deadline = record.deadline { facts.append(fact("access.deadline", deadline.iso)) }
        if let version = record.calendarVersion {
            let years = content.edition.years.sorted()
            let span = years.first.flatMap { first in years.last.map { first == $0 ? "\(first)" : "\(first)–\($0)" } }
            facts.append(fact("access.calendar", ["\(version)", span].compactMap { $0 }.joined(separator: " · ")))
        }
        if let connectedAt = record.connectedAt {
            facts.append(fact("access.connected_at", CameraViews.time(connectedAt)))
        }
        if let special = record.specialReason {
            let note = record.specialNote.map { "：\($0)" } ?? ""
            facts.append(fact("access.special", words.text("special.\(special.rawValue)") + note))
        }
        return facts
    }

    private func days(_ content: Content) -> [[String: String]] {
        (content.explanation?.workingDays ?? []).enumerated().map { index, day in
            ["number": String(index + 1), "date": day.iso]
        }
    }

    private func skipped(_ content: Content) -> [[String: String]] {
        (content.explanation?.skipped ?? []).map {
            ["date": $0.date.iso, "reason": $0.reason ?? words.text("access.weekend")]
        }
    }

    /// Every part of the rule, met or not, in the order in which a school deals with them.
    private func parts(_ record: AccessRecord, _ canteen: Canteen) -> [Part] {
        let unmet = Set(record.unmetParts)
        let all: [UnmetPart] =
            canteen.zones.map { .zone($0) } + [.firstFrame]
            + canteen.zones.filter { !unmet.contains(.zone($0)) }.map { .signal($0) }
            + DisclosureCategory.allCases.map { .disclosure($0) } + [.confirmation]
        let when = record.clock == .running ? record.deadline?.iso : nil
        return all.map { part in
            let isMet = !unmet.contains(part)
            return Part(title: words.part(part), todo: isMet ? "" : words.toDo(part), when: when, isMet: isMet)
        }
    }

    private func camera(_ camera: Camera, _ content: Content) -> CameraRow {
        CameraRow(
            name: camera.name, zone: pages.label(camera.zone, context), status: pages.label(camera.status, context),
            tone: words.tone(camera.status), papersPath: "/registry/cameras/\(camera.id)/papers",
            rejection: camera.status == .pending ? content.frames[camera.id]?.rejection : nil)
    }

    private func forms(_ record: AccessRecord, _ canteen: Canteen, _ faults: [FieldFault]) -> [Form] {
        func fault(_ field: String) -> String? { faults.first { $0.field == field }?.detail[context.language] }
        func button(_ step: AccessStep) -> FormField.Option {
            FormField.Option(
                value: step.rawValue, label: words.text("step.\(step.rawValue)"),
                isSelected: step == .apply || step == .confirm)
        }
        let base = "/registry/canteens/\(canteen.id)/access/"
        var forms: [Form] = []
        if context.may(.applyForRegistration, on: canteen.resource()) {
            if AccessStep.apply.isPossible(record) {
                forms.append(
                    Form(
                        action: base + "application", title: words.text("access.apply_title"),
                        hint: words.text("access.apply_hint"), fields: [], buttons: [button(.apply)]))
            }
            if AccessStep.specialReason.isPossible(record) {
                let options = SpecialReason.allCases.map {
                    FormField.Option(
                        value: $0.rawValue, label: words.text("special.\($0.rawValue)"),
                        isSelected: $0 == record.specialReason)
                }
                forms.append(
                    Form(
                        action: base + "application", title: words.text("access.special_title"),
                        hint: words.text("access.special_hint"),
                        fields: [
                            FormField(
                                "special_reason", label: words.text("access.special"), kind: .select,
                                fault: fault("special_reason"), options: options),
                            FormField(
                                "reason", label: words.text("access.note"), value: record.specialNote ?? "",
                                kind: .area, fault: fault("reason"), isOptional: true, maximum: 200),
                        ], buttons: [button(.specialReason)]))
            }
        }
        if context.may(.confirmAccess, on: canteen.resource()) {
            let steps = AccessStep.decision.filter { $0.isPossible(record) }
            if !steps.isEmpty {
                forms.append(
                    Form(
                        action: base + "decision", title: words.text("access.decide_title"),
                        hint: words.text("access.decide_hint"),
                        fields: [
                            FormField(
                                "reason", label: words.text("access.reason"), kind: .area,
                                hint: words.text("access.reason_hint"), fault: fault("reason"), isOptional: true,
                                maximum: 200)
                        ], buttons: steps.map(button)))
            }
        }
        return forms
    }
}
