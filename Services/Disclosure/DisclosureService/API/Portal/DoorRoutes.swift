import Attachments
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// What leaves the portal: the badge for other sites, the sign for the door, the QR code on it, and the sitemap.
struct DoorRoutes: Sendable {
    let runtime: ServiceRuntime
    let signer: NoteSigner?

    func declare(_ routes: Routes) {
        routes.get("/canteens/{id}/qr.svg", .public) { request, context in
            let (summary, _) = try await summary(context)
            guard let code = QRCode(address(summary.canteenId)) else { throw Problem.notFound }
            let svg = code.svg(title: runtime.pages.text("door.qr", context))
            return OpenDataAnswer.bytes(Array(svg.utf8), "image/svg+xml; charset=utf-8", request)
        }
        routes.get("/canteens/{id}/badge.svg", .public) { request, context in
            let (summary, _) = try await summary(context)
            let words = PortalWords(runtime.pages, context)
            return OpenDataAnswer.bytes(
                Array(BadgeDrawing.svg(summary, words).utf8), "image/svg+xml; charset=utf-8", request)
        }
        routes.get("/canteens/{id}/badge.txt", .public) { request, context in
            let (summary, revision) = try await summary(context)
            let statement = statement(summary, revision, context.now)
            let note = try signer?.sign(statement) ?? statement
            return OpenDataAnswer.bytes(Array(note.utf8), "text/plain; charset=utf-8", request)
        }
        routes.get("/canteens/{id}/sign", .public) { _, context in try await sign(context) }
        routes.get("/sitemap.xml", .public) { request, _ in try await sitemap(request) }
    }

    private func address(_ canteen: CanteenID) -> String {
        "\(runtime.configuration.publicBaseURL)/disclosure/canteens/\(canteen.rawValue)"
    }

    private func summary(_ context: BrightContext) async throws -> (CanteenSummary, Int) {
        let id: CanteenID = try context.id("id")
        let found = try await runtime.pool.first(
            "SELECT \(CanteenQuery.columns), revision FROM canteen WHERE canteen_id = \(id) AND \(CanteenQuery.isPublic)"
        ) { row -> (CanteenSummary, Int) in (try CanteenQuery.summary(row), try row["revision"]) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// What the badge says, for programs: checked with the key of `/disclosure/v1`.
    private func statement(_ summary: CanteenSummary, _ revision: Int, _ now: Instant) -> String {
        """
        brightkitchen badge
        canteen \(summary.canteenId.rawValue)
        day \(LocalDate(now).iso)
        revision \(revision)
        grade \(summary.grade ?? CanteenFilter.Grade.ungraded.rawValue)
        published \(summary.completeness.present.count) of \(summary.completeness.total)
        open_problems \(summary.openProblems)
        licence \(summary.licenceState(today: LocalDate(now)).rawValue)

        """
    }

    private struct SignModel {
        let school: String
        let canteen: String
        let grade: String
        let published: String
        let licence: String
        let qr: String
        let address: String
        let day: String
    }

    private func sign(_ context: BrightContext) async throws -> Response {
        let (summary, _) = try await summary(context)
        let words = PortalWords(runtime.pages, context)
        let id = summary.canteenId.rawValue
        let state = summary.licenceState(today: words.today)
        let model = SignModel(
            school: summary.schoolName, canteen: summary.name,
            grade: words.text("grade.\(summary.grade ?? CanteenFilter.Grade.ungraded.rawValue)"),
            published: "\(summary.completeness.present.count) / \(summary.completeness.total)",
            licence: words.text("licence.\(state.rawValue)"), qr: "/disclosure/canteens/\(id)/qr.svg",
            address: address(summary.canteenId), day: words.day(words.today))
        return try runtime.pages.render(
            "sign", context,
            PageMeta(
                title: words.text("door.title"),
                crumbs: [
                    Crumb(words.text("portal.title"), "/disclosure/"),
                    Crumb(summary.schoolName, "/disclosure/canteens/\(id)"), Crumb(words.text("door.title")),
                ], current: "disclosure"), model: model)
    }

    private func sitemap(_ request: Request) async throws -> Response {
        // The protocol's limit for one file; a city has some thousand canteens.
        let ids = try await runtime.pool.query(
            "SELECT canteen_id FROM canteen WHERE \(CanteenQuery.isPublic) ORDER BY canteen_id LIMIT 49000"
        ) {
            try $0["canteen_id"] as CanteenID
        }
        let base = runtime.configuration.publicBaseURL
        let urls = (["\(base)/disclosure/", "\(base)/disclosure/places"] + ids.map(address)).map { url in
            "<url><loc>\(url.replacing("&", with: "&amp;").replacing("<", with: "&lt;"))</loc></url>"
        }
        let xml =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
            + urls.joined(separator: "\n") + "</urlset>\n"
        return OpenDataAnswer.bytes(Array(xml.utf8), "application/xml; charset=utf-8", request)
    }
}

/// The badge: no script, no font of its own, no style that a strict site would refuse.
enum BadgeDrawing {
    static func svg(_ summary: CanteenSummary, _ words: PortalWords) -> String {
        let grade = summary.grade ?? CanteenFilter.Grade.ungraded.rawValue
        let state = summary.licenceState(today: words.today)
        let isBad = state == .expired || state == .revoked
        let colour =
            isBad ? "#b3261e" : ["excellent": "#17663a", "good": "#17663a", "fair": "#8a5300"][grade] ?? "#44505c"
        let value = isBad ? words.text("licence.\(state.rawValue)") : words.text("grade.\(grade)")
        let published = words.text(
            "list.published",
            ["n": String(summary.completeness.present.count), "of": String(summary.completeness.total)])
        let name = escaped(String(summary.schoolName.prefix(16)))
        let title = escaped("\(summary.schoolName): \(value), \(published)")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="280" height="88" viewBox="0 0 280 88" role="img">\
            <title>\(title)</title><rect width="280" height="88" rx="10" fill="#fff" stroke="\(colour)" stroke-width="2"/>\
            <rect x="1" y="1" width="12" height="86" rx="6" fill="\(colour)"/>\
            <g font-family="system-ui, sans-serif" fill="#1b2430"><text x="28" y="28" font-size="15">\(name)</text>\
            <text x="28" y="54" font-size="20" font-weight="700" fill="\(colour)">\(escaped(value))</text>\
            <text x="28" y="76" font-size="13">\(escaped(published)) · \(escaped(words.text("door.product")))</text></g></svg>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
