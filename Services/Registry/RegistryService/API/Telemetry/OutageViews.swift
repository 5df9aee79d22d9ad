import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The page of planned outages.
struct OutageViews: Sendable {
    let pages: Pages

    private struct Button {
        let value: String
        let label: String
    }

    private struct Row {
        let place: String
        let part: String
        let from: String
        let to: String
        let reason: String
        let state: String
        let isApproved: Bool
        let isWaiting: Bool
        let action: String
        let buttons: [Button]
    }

    private struct Model {
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let form: [String: [FormField]]?
        /// Too many canteens for one list.
        let search: Bool
        let searchText: String
        let rule: String
        let alert: String?
        let hasFaults: Bool
        let faults: [[String: String]]
    }

    func list(
        _ page: PageOf<OutageList.Item>, canteens: [(id: CanteenID, name: String)], mayEnter: Bool, isRegulator: Bool,
        search: String?, form: FormData?, problem: Problem?, _ context: BrightContext, status: HTTPResponse.Status
    ) throws -> Response {
        func text(_ key: String) -> String { pages.text(key, context) }
        let isNarrowed = canteens.count > OutageList.maximumChoices
        let rows = page.items.map { item in
            let outage = item.outage
            let isOver = outage.to <= context.now
            var buttons: [Button] = []
            if isRegulator, outage.state == .requested {
                buttons = [
                    Button(value: "approved", label: text("outages.approve")),
                    Button(value: "refused", label: text("outages.refuse")),
                ]
            }
            if mayEnter, !isOver, outage.state == .requested || outage.state == .approved {
                buttons.append(Button(value: "cancelled", label: text("outages.cancel")))
            }
            return Row(
                place: "\(item.school) · \(item.canteen)", part: item.camera ?? text("outages.all_cameras"),
                from: CameraViews.time(outage.from), to: CameraViews.time(outage.to), reason: outage.reason,
                state: text("outages.state_\(outage.state.rawValue)"), isApproved: outage.state == .approved,
                isWaiting: outage.state == .requested, action: "/registry/outages/\(outage.id)/decision",
                buttons: buttons)
        }
        let model = Model(
            rows: rows, isEmpty: rows.isEmpty, text: text("outages.none"),
            pager: page.pager(path: "/registry/outages"),
            form: mayEnter && !isNarrowed ? ["fields": fields(canteens, form, problem, context)] : nil,
            search: mayEnter && isNarrowed, searchText: search ?? "",
            rule: text(isRegulator ? "outages.hint_regulator" : "outages.hint_school"),
            alert: problem.flatMap { $0.status == .conflict ? $0.detail[context.language] : nil },
            hasFaults: problem?.status == .unprocessableContent,
            faults: problem?.faults.map { ["field": $0.field, "detail": $0.detail[context.language]] } ?? [])
        return try pages.render(
            "outages", context,
            PageMeta(
                title: text("outages.title"),
                crumbs: [Crumb(text("faults.title"), "/registry/faults"), Crumb(text("outages.title"))],
                lead: text("outages.lead"), current: "faults", isWide: true), model: model, status: status)
    }

    private func fields(
        _ canteens: [(id: CanteenID, name: String)], _ form: FormData?, _ problem: Problem?, _ context: BrightContext
    ) -> [FormField] {
        func value(_ field: String) -> String { form?.optional(field) ?? "" }
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        return [
            FormField(
                "canteen_id", label: pages.text("outages.canteen", context), kind: .select, fault: fault("canteen_id"),
                options: canteens.map {
                    .init(value: $0.id.rawValue, label: $0.name, isSelected: $0.id.rawValue == value("canteen_id"))
                }),
            FormField(
                "from_at", label: pages.text("outages.from", context), value: value("from_at"), type: "datetime-local",
                fault: fault("from_at")),
            FormField(
                "to_at", label: pages.text("outages.to", context), value: value("to_at"), type: "datetime-local",
                fault: fault("to_at")),
            FormField(
                "reason", label: pages.text("outages.reason", context), value: value("reason"), fault: fault("reason"),
                maximum: 200),
        ]
    }
}
