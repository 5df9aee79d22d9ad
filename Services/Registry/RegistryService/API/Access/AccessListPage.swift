import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// Lists of canteens by the state of their connection.
struct AccessListPage {
    let pages: Pages
    let context: BrightContext

    private struct Row {
        let school: String
        let name: String
        let path: String
        let state: String
        let tone: String
        let clock: String
        let missing: String
        let cameras: String
    }

    private struct Model {
        let search: String
        let division: String
        let views: [FormField.Option]
        let states: [FormField.Option]
        let divisions: [FormField.Option]
        let showsFilters: Bool
        let rows: [Row]
        let isEmpty: Bool
        let text: String
        let pager: Pager
        let exportPath: String
    }

    private var words: AccessWords { AccessWords(pages: pages, context: context) }

    func rows(_ records: [AccessRecord]) -> [[String: String]] {
        records.map { record in
            let row = row(record)
            return [
                "school": row.school, "name": row.name, "path": row.path, "state": row.state, "tone": row.tone,
                "clock": row.clock, "missing": row.missing, "cameras": row.cameras,
            ]
        }
    }

    private func row(_ record: AccessRecord) -> Row {
        let missing = record.unmetParts.count
        return Row(
            school: record.facts.schoolName, name: record.facts.canteenName,
            path: "/registry/canteens/\(record.canteenId)/access", state: words.state(record.state),
            tone: words.tone(record), clock: words.clock(record, today: LocalDate(context.now)),
            missing: record.isReady
                ? words.text("access.ready")
                : missing == 0 ? "—" : words.text("access.missing", ["n": String(missing)]),
            cameras: "\(record.tally.active) / \(record.tally.total)")
    }

    func render(
        _ page: PageOf<AccessRecord>, _ filter: AccessList.Filter, divisions: [String: String]
    ) throws -> Response {
        var parameters = ["view=\(filter.view.rawValue)"]
        if let state = filter.state { parameters.append("state=\(state.rawValue)") }
        if let division = filter.division { parameters.append("division=" + PercentEncoding.queryValue(division)) }
        if let search = filter.search { parameters.append("q=" + PercentEncoding.queryValue(search)) }
        let model = Model(
            search: filter.search ?? "", division: filter.division ?? "",
            views: AccessList.View.allCases.map {
                FormField.Option(
                    value: $0.rawValue, label: words.text("access_view.\($0.rawValue)"),
                    isSelected: $0 == filter.view)
            },
            states: AccessState.allCases.map {
                FormField.Option(value: $0.rawValue, label: words.state($0), isSelected: $0 == filter.state)
            },
            divisions: divisions.sorted { $0.key < $1.key }.map {
                FormField.Option(value: $0.key, label: "\($0.key) \($0.value)", isSelected: $0.key == filter.division)
            }, showsFilters: true, rows: page.items.map(row), isEmpty: page.items.isEmpty,
            text: words.text("access.none"),
            pager: page.pager(path: "/registry/access?" + parameters.joined(separator: "&")),
            exportPath: "/registry/v1/access/export.csv?" + parameters.joined(separator: "&"))
        return try pages.render(
            "access-list", context,
            PageMeta(
                title: words.text("access.title"), lead: words.text("access.lead", ["n": String(page.total)]),
                current: "access", isWide: true), model: model)
    }

    /// The school's own page: every canteen of it with what is missing and by when.
    func renderSchool(_ page: PageOf<AccessRecord>) throws -> Response {
        struct Canteen {
            let name: String
            let path: String
            let state: String
            let tone: String
            let clock: String
            let parts: [[String: String]]
            let isDone: Bool
        }
        struct SchoolModel {
            let canteens: [Canteen]
            let isEmpty: Bool
            let text: String
            let pager: Pager
        }
        let canteens = page.items.map { record in
            Canteen(
                name: record.facts.canteenName, path: "/registry/canteens/\(record.canteenId)/access",
                state: words.state(record.state), tone: words.tone(record),
                clock: words.clock(record, today: LocalDate(context.now)),
                parts: record.unmetParts.map { ["title": words.part($0), "todo": words.toDo($0)] },
                isDone: record.unmetParts.isEmpty)
        }
        return try pages.render(
            "access-school", context,
            PageMeta(
                title: words.text("school_access.title"), lead: words.text("school_access.lead"),
                current: "school_access"),
            model: SchoolModel(
                canteens: canteens, isEmpty: canteens.isEmpty, text: words.text("access.none"),
                pager: page.pager(path: "/registry/school")))
    }
}
