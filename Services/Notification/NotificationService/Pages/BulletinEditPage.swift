import Access
import Contracts
import Foundation
import ServiceKit

/// Model of `bulletin-edit.mustache`.
struct BulletinEditPage {
    struct Chosen {
        let id: String
        let label: String
        /// Address of the page without it.
        let remove: String
    }

    struct Found {
        let label: String
        let add: String
    }

    let action: String
    let issuer: String
    let canteens: [Chosen]
    let hasCanteens: Bool
    let search: String
    let searchPath: String
    let keptCanteens: String
    let wasSearched: Bool
    let found: [Found]
    let nothingFound: Bool
    let pager: Pager?
    let fields: [FormField]
    let corrects: String?
    let correctsNote: Bool
    let version: String?
    let hasFaults: Bool
    let faults: [Fault]
    let conflict: String?
    let isNew: Bool

    struct Fault {
        let field: String
        let detail: String
    }

    init(
        _ form: FormData, id: BulletinID?, issuer: Organ, canteens: [Canteen], problems: [BulletinProblem],
        organs: [Organ], search: String?, found: PageOf<Canteen>?, problem: Problem?, _ pages: Pages,
        _ context: BrightContext
    ) {
        let base = id.map { "/notification/bulletins/\($0)/edit" } ?? "/notification/bulletins/new"
        let ids = canteens.map(\.id.rawValue)
        func path(_ ids: [String]) -> String { "\(base)?canteens=\(ids.joined(separator: ","))" }
        action = id.map { "/notification/bulletins/\($0)" } ?? "/notification/bulletins"
        self.issuer = issuer.name
        self.canteens = canteens.map { canteen in
            Chosen(
                id: canteen.id.rawValue, label: "\(canteen.schoolName) · \(canteen.name)",
                remove: path(ids.filter { $0 != canteen.id.rawValue }))
        }
        hasCanteens = !canteens.isEmpty
        self.search = search ?? ""
        searchPath = base
        keptCanteens = ids.joined(separator: ",")
        wasSearched = found != nil
        self.found = (found?.items ?? []).filter { !ids.contains($0.id.rawValue) }.map {
            Found(label: "\($0.schoolName) · \($0.name)", add: path(ids + [$0.id.rawValue]))
        }
        nothingFound = found?.items.isEmpty ?? false
        let quoted = (search ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        pager = found.map { $0.pager(path: "\(path(ids))&q=\(quoted)") }
        let words = BulletinEditWords(form, problem, pages, context)
        fields = words.fields(problems: problems, organs: organs)
        corrects = form.optional("corrects")
        correctsNote = corrects != nil
        version = form.optional("version")
        faults = (problem?.faults ?? []).map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
        conflict = problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil }
        isNew = id == nil
    }
}
