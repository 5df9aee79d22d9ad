import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Read-only answers of the register: caterers to choose from, what changed, who was responsible when.
struct ReadRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let canteens: CanteenList

    init(runtime: ServiceRuntime) {
        self.runtime = runtime
        canteens = CanteenList(pool: runtime.pool)
    }

    func declare(_ routes: Routes) {
        routes.get("/caterers", .signedIn, use: showCaterers)
        routes.get("/v1/caterers", .signedIn, use: caterers)
        routes.get("/v1/caterers/export.csv", .signedIn, use: exportCaterers)
        routes.get("/v1/changes", .signedIn, use: changes)
        routes.get("/v1/organs/{id}/history", .signedIn, use: organHistory)
        routes.get("/v1/canteens/{id}/history", .signedIn, use: canteenHistory)
    }

    /// Staff of organs and schools; not the separate administrators, not parents.
    private func requireBusinessRole(_ context: BrightContext) throws {
        _ = try context.requirePrincipal()
        let actions: [Action] = [.registerCanteen, .draftSchoolItems, .runPatrol]
        guard actions.contains(where: { context.may($0, intent: .read) }) else { throw Problem.forbidden }
    }

    private struct Filter {
        let search: String?
        let certified: Bool?
    }

    private static let filters = ["q", "certified"]

    private func filter(_ query: ListQuery) throws -> Filter {
        Filter(search: try query.search(), certified: try query.flag("certified"))
    }

    @Sendable private func caterers(_ request: Request, _ context: BrightContext) async throws -> Response {
        try requireBusinessRole(context)
        let query = try ListQuery(request, filters: Self.filters)
        let filter = try filter(query)
        let today = LocalDate(context.now)
        let condition = CatererList.condition(search: filter.search, certified: filter.certified, today)
        return try .json(try await CatererList.listing(today).page(condition, query, runtime.pool))
    }

    @Sendable private func exportCaterers(_ request: Request, _ context: BrightContext) async throws -> Response {
        try requireBusinessRole(context)
        let filter = try filter(try ListQuery(file: request, filters: Self.filters))
        let today = LocalDate(context.now)
        return try await ListFiles(runtime: runtime).caterers(
            CatererList.condition(search: filter.search, certified: filter.certified, today), today, context)
    }

    private struct Card {
        let name: String
        let licence: String
        let validTo: String
        let certificates: String
        let isCertified: Bool
        let isConnected: Bool
        let isOperating: Bool
        let served: String
        let external: String?
    }

    private struct CaterersModel {
        let cards: [Card]
        let isEmpty: Bool
        let text: String
        let search: String
        let exportPath: String
        let pager: Pager
    }

    @Sendable private func showCaterers(_ request: Request, _ context: BrightContext) async throws -> Response {
        try requireBusinessRole(context)
        let asked = try ListQuery(request, filters: Self.filters, takesCursor: false)
        let filter = try filter(asked)
        let page = try await CatererList(pool: runtime.pool).page(
            search: filter.search, certified: filter.certified, today: LocalDate(context.now), asked.page)
        let pages = runtime.pages
        let cards = page.items.map { item in
            let certificates = [("HACCP", item.haccp), ("ISO 22000", item.iso22000)].compactMap { name, certificate in
                certificate.map { "\(name) \($0.number) (\($0.body), → \($0.validTo.iso))" }
            }
            return Card(
                name: item.name, licence: item.licenceNumber ?? "—", validTo: item.licenceValidTo?.iso ?? "—",
                certificates: certificates.isEmpty ? "—" : certificates.joined(separator: "; "),
                isCertified: item.isCertified, isConnected: item.activeCameras > 0, isOperating: item.operating,
                served: String(item.servedCanteens),
                external: item.externalOrgan.map { "\($0) \(item.externalContact ?? "")" })
        }
        let parameters = [
            filter.search.map { "q=" + PercentEncoding.queryValue($0) }, filter.certified.map { "certified=\($0)" },
        ].compactMap { $0 }
        let query = parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&")
        return try pages.render(
            "caterers", context,
            PageMeta(
                title: pages.text("caterers.title", context), lead: pages.text("caterers.lead", context),
                current: "canteens", isWide: true),
            model: CaterersModel(
                cards: cards, isEmpty: cards.isEmpty, text: pages.text("register.none", context),
                search: filter.search ?? "", exportPath: "/registry/v1/caterers/export.csv" + query,
                pager: page.pager(path: "/registry/caterers" + query)))
    }

    private struct EntryHeader: Encodable {
        let index: Int64
        let id: String
        let type: String
        let subject: String
        let time: String
    }

    /// `since` is a number of the feed: 0 at first, then `next`. The data are the bytes that were published.
    @Sendable private func changes(_ request: Request, _ context: BrightContext) async throws -> Response {
        try requireBusinessRole(context)
        let text = try request.query("since") ?? "0"
        guard let since = Int64(text), since >= 0 else {
            throw Problem.invalid(
                "since", code: "not_in_range", zh: "since 须为非负整数。", en: "since is a number of this feed.",
                allowed: "0, next")
        }
        let size = try PageRequest(request).size
        let page = try await ChangeFeed(pool: runtime.pool).page(
            since: since, limit: size, for: try context.requirePrincipal())
        var body = Array(#"{"items":["#.utf8)
        for (number, entry) in page.entries.enumerated() {
            if number > 0 { body.append(0x2c) }
            let header = try BrightJSON.encode(
                EntryHeader(
                    index: entry.index, id: entry.id, type: entry.type, subject: entry.subject,
                    time: entry.time.rfc3339))
            body += Array(#"{"data":"#.utf8) + entry.data + [0x2c] + header.dropFirst()
        }
        body += Array(#"],"next":\#(page.next),"total":\#(page.total)}"#.utf8)
        return .bytes(body, contentType: "application/json; charset=utf-8")
    }

    private struct OrganHistory: Encodable {
        let organId: OrganID
        let versions: [HistoryStore.OrganVersion]
        let townships: [HistoryStore.TownshipSpan]
    }

    @Sendable private func organHistory(_ request: Request, _ context: BrightContext) async throws -> Response {
        try requireBusinessRole(context)
        let id: OrganID = try context.id("id")
        let versions = try await HistoryStore.versions(of: id, runtime.pool)
        guard !versions.isEmpty else { throw Problem.notFound }
        return try .json(
            OrganHistory(
                organId: id, versions: versions, townships: try await HistoryStore.townships(of: id, runtime.pool)))
    }

    private struct CanteenHistory: Encodable {
        struct Version: Encodable {
            let number: String
            let issuedOn: LocalDate
            let validTo: LocalDate
            let status: LicenceVersion.Status
            let endedOn: LocalDate?
            let scope: String?
            let verifiedBy: String?
        }
        let canteenId: CanteenID
        let stage: CanteenStage
        let lifeReason: String?
        let lifeSince: LocalDate?
        let mergedInto: String?
        let branchReason: String?
        let licences: [Version]
        let assignments: [HistoryStore.Assignment]
    }

    @Sendable private func canteenHistory(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let canteen = try await canteens.canteen(try context.id("id")) else { throw Problem.notFound }
        let caterer = try await canteens.caterer(of: canteen)
        try context.requireVisible(canteen.resource(caterer: caterer))
        let today = LocalDate(context.now)
        let versions = try await LicenceStore.versions(of: [canteen.id], runtime.pool)
        return try .json(
            CanteenHistory(
                canteenId: canteen.id, stage: canteen.stage(on: today), lifeReason: canteen.life.reason,
                lifeSince: canteen.life.since, mergedInto: canteen.life.mergedInto, branchReason: canteen.branchReason,
                licences: versions.map { version in
                    CanteenHistory.Version(
                        number: version.licence.number, issuedOn: version.licence.issuedOn,
                        validTo: version.licence.validTo, status: version.status(on: today),
                        endedOn: version.licence.endedOn, scope: version.scope, verifiedBy: version.verifiedBy)
                }, assignments: try await HistoryStore.assignments(of: canteen.id, runtime.pool)))
    }
}
