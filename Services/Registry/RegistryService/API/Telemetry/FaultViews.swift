import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Pages of faults and incidents.
struct FaultViews: Sendable {
    let pages: Pages
    let rules: SignalRules

    /// The thresholds in force, for texts that name them.
    private var numbers: [String: String] {
        func minutes(_ duration: Duration) -> String {
            let seconds = duration.components.seconds
            return seconds % 60 == 0 ? String(seconds / 60) : String(Double(seconds * 10 / 60) / 10)
        }
        return [
            "fault": minutes(rules.faultAfter), "changes": String(rules.flappingChanges),
            "window": minutes(rules.flappingWindow), "calm": minutes(rules.flappingCalm),
            "clock": String(rules.clockOff.components.seconds),
            "hours": String(rules.escalateAfter.components.seconds / 3600),
        ]
    }

    private struct Stat {
        let value: String
        let label: String
    }

    private struct Row {
        let path: String
        let kind: String
        let place: String
        let part: String
        let state: String
        let detectedAt: String
        let isLate: Bool
        let isOpen: Bool
        let isRecovered: Bool
    }

    private struct Board {
        let stats: [Stat]
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let search: String
        let kinds: [FormField.Option]
        let standings: [FormField.Option]
        let divisions: [FormField.Option]
        let exportPath: String
    }

    func board(
        _ page: PageOf<FaultList.Item>, _ filter: FaultList.Filter, counts: (open: Int, escalated: Int, recovered: Int),
        divisions: [(code: String, name: String)], _ context: BrightContext
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        let query = [
            "standing=\(filter.standing.rawValue)", filter.kind.map { "kind=\($0.rawValue)" },
            filter.division.map { "division=\(PercentEncoding.queryValue($0))" },
            filter.search.map { "q=\(PercentEncoding.queryValue($0))" }, filter.escalatedOnly ? "escalated=true" : nil,
        ].compactMap { $0 }.joined(separator: "&")
        let model = Board(
            stats: [
                Stat(value: String(counts.open), label: text("faults.open")),
                Stat(value: String(counts.escalated), label: pages.text("faults.escalated", context, numbers)),
                Stat(value: String(counts.recovered), label: text("faults.to_close")),
            ],
            rows: page.items.map { row($0, context) }, isEmpty: page.items.isEmpty, text: text("faults.none"),
            pager: page.pager(path: "/registry/faults?\(query)"), search: filter.search ?? "",
            kinds: FaultKind.allCases.map {
                .init(value: $0.rawValue, label: pages.label($0, context), isSelected: $0 == filter.kind)
            },
            standings: FaultList.Standing.allCases.map {
                .init(
                    value: $0.rawValue, label: text("faults.standing_\($0.rawValue)"),
                    isSelected: $0 == filter.standing)
            },
            divisions: divisions.map { .init(value: $0.code, label: $0.name, isSelected: $0.code == filter.division) },
            exportPath: "/registry/v1/faults/export.csv?\(query)")
        return try pages.render(
            "faults", context,
            PageMeta(
                title: text("faults.title"), lead: pages.text("faults.lead", context, numbers), current: "faults",
                isWide: true),
            model: model)
    }

    private func row(_ item: FaultList.Item, _ context: BrightContext) -> Row {
        Row(
            path: "/registry/faults/\(item.fault.id)", kind: pages.label(item.fault.kind, context),
            place: place(item), part: part(item, context), state: pages.label(item.fault.state, context),
            detectedAt: CameraViews.time(item.fault.detectedAt), isLate: item.fault.escalatedAt != nil,
            isOpen: item.fault.isOpen, isRecovered: item.fault.state == .recovered)
    }

    private func place(_ item: FaultList.Item) -> String {
        let names = [item.school, item.canteen].compactMap { $0 }
        return names.isEmpty ? item.organ ?? item.fault.divisionCode : names.joined(separator: " · ")
    }

    private func part(_ item: FaultList.Item, _ context: BrightContext) -> String {
        item.camera ?? pages.text("faults.cameras", context, ["n": String(item.cameras)])
    }

    private struct StepRow {
        let time: String
        let state: String
        let who: String
        let note: String?
        let isGood: Bool
    }

    private struct Button {
        let value: String
        let label: String
        let isPrimary: Bool
    }

    private struct Fault {
        let kind: String
        let place: String
        let part: String
        let state: String
        let isOpen: Bool
        let detectedAt: String
        let escalatedAt: String?
        let responsible: String?
        let explanation: String
        let historyPath: String?
        let steps: [StepRow]
        let action: String
        let version: Int
        let buttons: [Button]
        let hasButtons: Bool
        let fields: [FormField]
        let alert: String?
        let hasFaults: Bool
        let faults: [[String: String]]
    }

    func fault(
        _ item: FaultList.Item, steps: [FaultStore.Step], mayAct: Bool,
        candidates: [(id: PersonID, role: Role, login: String?)], problem: Problem?, _ context: BrightContext,
        status: HTTPResponse.Status
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        let fault = item.fault
        let allowed = mayAct ? FaultStep.allowed(from: fault.state) : []
        let names = Dictionary(
            candidates.map { ($0.id, "\(pages.label($0.role, context))\($0.login.map { " · \($0)" } ?? "")") }
        ) { $1 }
        let model = Fault(
            kind: pages.label(fault.kind, context), place: place(item), part: part(item, context),
            state: pages.label(fault.state, context), isOpen: fault.isOpen,
            detectedAt: CameraViews.time(fault.detectedAt), escalatedAt: fault.escalatedAt.map(CameraViews.time),
            responsible: fault.responsible.map { names[$0] ?? text("faults.person") },
            explanation: pages.text("faults.about_\(fault.kind.rawValue)", context, numbers),
            historyPath: fault.cameraId.map { "/registry/cameras/\($0)/history" },
            steps: steps.map {
                StepRow(
                    time: CameraViews.time($0.at), state: pages.label($0.state, context), who: who($0, names, context),
                    note: $0.note, isGood: $0.state == .recovered || $0.state == .closed)
            }, action: "/registry/faults/\(fault.id)/steps", version: fault.version,
            buttons: allowed.map {
                Button(value: $0.rawValue, label: text("faults.step_\($0.rawValue)"), isPrimary: $0 == allowed.first)
            }, hasButtons: !allowed.isEmpty, fields: fields(allowed, candidates, problem, names, context),
            alert: problem.flatMap { $0.status == .conflict ? $0.detail[context.language] : nil },
            hasFaults: problem?.status == .unprocessableContent,
            faults: problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? [])
        return try pages.render(
            "fault", context,
            PageMeta(
                title: model.kind, crumbs: [Crumb(text("faults.title"), "/registry/faults"), Crumb(model.kind)],
                lead: model.place, current: "faults"),
            model: model, status: status)
    }

    private func fields(
        _ allowed: [FaultStep], _ candidates: [(id: PersonID, role: Role, login: String?)], _ problem: Problem?,
        _ names: [PersonID: String], _ context: BrightContext
    ) -> [FormField] {
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        var fields: [FormField] = []
        if allowed.contains(.assign) {
            fields.append(
                FormField(
                    "responsible", label: pages.text("faults.responsible", context), kind: .select,
                    hint: pages.text("faults.nobody", context), fault: fault("responsible"), isOptional: true,
                    options: candidates.map { .init(value: $0.id.rawValue, label: names[$0.id] ?? "") }))
        }
        fields.append(
            FormField(
                "note", label: pages.text("faults.note", context), kind: .area,
                hint: pages.text("faults.note_hint", context), fault: fault("note"), isOptional: true, maximum: 500))
        return fields
    }

    private func who(_ step: FaultStore.Step, _ names: [PersonID: String], _ context: BrightContext) -> String {
        let person = step.actor.split(separator: ":").last.map { PersonID(rawValue: String($0)) }
        let actor =
            step.actor.hasPrefix("system:")
            ? pages.text("faults.system", context)
            : person.flatMap { names[$0] } ?? pages.text("faults.person", context)
        guard let responsible = step.responsible, step.state == .assigned else { return actor }
        return "\(actor) → \(names[responsible] ?? pages.text("faults.person", context))"
    }

    private struct IncidentRow {
        let place: String
        let cameras: String
        let startedAt: String
        let endedAt: String?
        let isOpen: Bool
        let link: String?
    }

    private struct Incidents {
        let rows: [IncidentRow]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let exportPath: String
    }

    func incidents(_ page: PageOf<IncidentList.Item>, _ context: BrightContext) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        let model = Incidents(
            rows: page.items.map { item in
                let incident = item.incident
                return IncidentRow(
                    place: item.school ?? item.organ ?? incident.divisionCode,
                    cameras: pages.text(
                        "incidents.reach", context,
                        ["n": String(incident.cameras), "c": String(incident.canteens), "m": String(incident.missing)]),
                    startedAt: CameraViews.time(incident.startedAt), endedAt: incident.endedAt.map(CameraViews.time),
                    isOpen: incident.endedAt == nil, link: item.faultId.map { "/registry/faults/\($0)" })
            }, isEmpty: page.items.isEmpty, text: text("incidents.none"),
            pager: page.pager(path: "/registry/incidents"), exportPath: "/registry/v1/incidents/export.csv")
        return try pages.render(
            "incidents", context,
            PageMeta(
                title: text("incidents.title"),
                crumbs: [Crumb(text("faults.title"), "/registry/faults"), Crumb(text("incidents.title"))],
                lead: text("incidents.lead"), current: "faults", isWide: true), model: model)
    }
}
