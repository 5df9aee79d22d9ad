import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The editor of a bulletin by hand: choose canteens, name problems and receivers, write, and keep what was typed when
/// something is wrong with it.
struct BulletinEditor: Sendable {
    let runtime: ServiceRuntime
    let commands: BulletinCommands

    private var pages: Pages { runtime.pages }

    /// `?canteens=a,b`, `?problem=id`, `?corrects=id`: where one comes from.
    func blank(_ request: Request, _ context: BrightContext) async throws -> Response {
        if let original = try request.query("corrects"), WellFormed.isIdentifier(original) {
            return try await correction(BulletinID(original), request, context)
        }
        var values: [(name: String, value: String)] = []
        for id in (try request.query("canteens") ?? "").split(separator: ",") {
            values.append((name: "canteen", value: String(id)))
        }
        if let problem = try request.query("problem") { values.append((name: "problem", value: problem)) }
        return try await render(FormData(values: values), id: nil, request, context, problem: nil)
    }

    private func correction(_ id: BulletinID, _ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let found = try await BulletinStore.bulletin(id, visibleTo: principal, runtime.pool)
        guard let found, found.issuingOrganId == principal.organId, found.number != nil else { throw Problem.notFound }
        return try await render(BulletinCommands.form(of: found), id: nil, request, context, problem: nil)
    }

    func stored(_ id: BulletinID, _ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        let found = try await BulletinStore.bulletin(id, visibleTo: principal, runtime.pool)
        guard let found, found.issuingOrganId == principal.organId, found.state == .draft else {
            throw Problem.notFound
        }
        return try await render(
            with(try request.query("canteens"), BulletinCommands.form(of: found)), id: id, request, context,
            problem: nil)
    }

    /// Canteens added on the page take the place of the stored ones.
    private func with(_ canteens: String?, _ form: FormData) -> FormData {
        guard let canteens else { return form }
        return FormData(
            values: form.values.filter { $0.name != "canteen" }
                + canteens.split(separator: ",").map { (name: "canteen", value: String($0)) })
    }

    typealias Step = @Sendable (FormData, BrightContext, PostgresTransaction) async throws -> Response

    /// Runs a command on what was sent; a browser gets the form again with its faults.
    func guarded(
        _ request: Request, _ context: BrightContext, id: BulletinID?, _ step: @escaping Step
    ) async throws -> Response {
        let isJSON = request.headers[.contentType]?.hasPrefix("application/json") == true
        let form =
            isJSON ? try await request.json(BulletinWish.self, context).form : try await request.form(context)
        do {
            return try await runtime.pool.transaction { transaction in
                try await runtime.idempotency.once(
                    key: request.idempotencyKey(form), content: BulletinCommandRoutes.content(form),
                    context: context, in: transaction
                ) { try await step(form, context, transaction) }
            }
        } catch let problem as Problem where context.wantsPage && Self.isTheWritersFault(problem) {
            return try await render(form, id: id, request, context, problem: problem)
        }
    }

    private static func isTheWritersFault(_ problem: Problem) -> Bool {
        problem.status == .unprocessableContent || problem.status == .conflict
    }

    private func render(
        _ form: FormData, id: BulletinID?, _ request: Request, _ context: BrightContext, problem: Problem?
    ) async throws -> Response {
        let issuer = try await commands.organ(context, runtime.pool)
        let ids = form.all("canteen").filter { WellFormed.isIdentifier($0) }.map { CanteenID($0) }
        let known = try await RegistryStore.canteens(ids, runtime.pool)
        let canteens = ids.compactMap { known[$0] }.filter { context.may(.issueBulletin, on: $0.resource) }
        let organs = try await commands.check.choices(for: canteens, issuer: issuer, runtime.pool)
        var problems = try await BulletinContents.openProblems(of: canteens.map(\.id), runtime.pool)
        let named = form.all("problem").filter { WellFormed.isIdentifier($0) && !$0.isEmpty }
        let missing = named.filter { name in !problems.contains { $0.problemId.rawValue == name } }
        problems += try await BulletinContents.problems(missing.map { ProblemID($0) }, runtime.pool)
            .filter { problem in canteens.contains { $0.id == problem.canteenId } }
        let search = try request.query("q")
        var found: PageOf<Canteen>?
        if let search {
            found = try await RegistryStore.canteens(
                matching: search, of: try context.requirePrincipal(), try PageRequest(request), runtime.pool)
        }
        let model = BulletinEditPage(
            form, id: id, issuer: issuer, canteens: canteens, problems: problems, organs: organs, search: search,
            found: found, problem: problem, pages, context)
        return try pages.render(
            "bulletin-edit", context,
            PageMeta(
                title: pages.text(
                    id == nil ? "notification.editor.new" : "notification.editor.change", context),
                crumbs: [
                    Crumb(pages.text("notification.bulletins.title", context), "/notification/bulletins"),
                    Crumb(pages.text("notification.editor.draft", context)),
                ], current: "bulletins", isWide: true),
            model: model, status: problem?.status ?? .ok)
    }
}
