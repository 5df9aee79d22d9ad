import Access
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// The commands on bulletins: forms for people, JSON for programs, from the same addresses.
struct BulletinCommandRoutes: Sendable {
    let runtime: ServiceRuntime
    let commands: BulletinCommands

    private static let base = "/notification/bulletins"

    func declare(_ routes: Routes) {
        let editor = BulletinEditor(runtime: runtime, commands: commands)
        routes.get("/bulletins/new", .action(.issueBulletin)) { request, context in
            try await editor.blank(request, context)
        }
        routes.get("/bulletins/{bulletinId}/edit", .action(.issueBulletin)) { request, context in
            try await editor.stored(try context.id("bulletinId"), request, context)
        }
        routes.post("/bulletins", .action(.issueBulletin)) { request, context in
            try await editor.guarded(request, context, id: nil) { form, context, transaction in
                let id = try await commands.create(form, context, transaction)
                guard context.wantsPage else { return try .json(Created(bulletinId: id), status: .created) }
                return .seeOther("\(Self.base)/\(id)")
            }
        }
        routes.post("/bulletins/{bulletinId}", .action(.issueBulletin)) { request, context in
            let id: BulletinID = try context.id("bulletinId")
            return try await editor.guarded(request, context, id: id) { form, context, transaction in
                try await commands.change(id, form, context, transaction)
                return done(id, context)
            }
        }
        declare("discard", .issueBulletin, routes) { id, form, context, transaction in
            try await commands.discard(id, form, context, transaction)
            return context.wantsPage ? .seeOther(Self.base) : .noContent()
        }
        declare("issue", .issueBulletin, routes) { id, form, context, transaction in
            try await commands.issue(id, form, context, transaction)
            return done(id, context)
        }
        declare("receipt", .answerBulletins, routes) { id, _, context, transaction in
            try await commands.receipt(id, context, transaction)
            return done(id, context)
        }
        declare("answer", .answerBulletins, routes) { id, form, context, transaction in
            try await commands.answer(id, form, context, transaction)
            return done(id, context)
        }
        declare("urge", .urge, routes) { id, form, context, transaction in
            let count = try await commands.urge(id, form, context, transaction)
            return context.wantsPage ? done(id, context) : try .json(Urged(urged: count))
        }
        declare("close", .issueBulletin, routes) { id, form, context, transaction in
            try await commands.close(id, form, context, transaction)
            return done(id, context)
        }
    }

    private struct Created: Encodable { let bulletinId: BulletinID }
    private struct Urged: Encodable { let urged: Int }

    /// Fields of the JSON commands on one bulletin.
    private struct Words: Decodable, Sendable {
        let answer: String?
        let note: String?
        let version: Int?
    }

    private typealias Step =
        @Sendable (BulletinID, FormData, BrightContext, PostgresTransaction) async throws -> Response

    private func declare(_ verb: String, _ action: Action, _ routes: Routes, _ step: @escaping Step) {
        routes.post("/bulletins/{bulletinId}/\(verb)", .action(action)) { request, context in
            let id: BulletinID = try context.id("bulletinId")
            let form = try await Self.words(request, context)
            let content = Self.content(form)
            return try await runtime.pool.transaction { transaction in
                try await runtime.idempotency.once(
                    key: request.idempotencyKey(form), content: content, context: context, in: transaction
                ) { try await step(id, form, context, transaction) }
            }
        }
    }

    private static func words(_ request: Request, _ context: BrightContext) async throws -> FormData {
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            return try await request.form(context)
        }
        let words = try await request.json(Words.self, context)
        var values: [(name: String, value: String)] = []
        if let answer = words.answer { values.append((name: "answer", value: answer)) }
        if let note = words.note { values.append((name: "note", value: note)) }
        if let version = words.version { values.append((name: "version", value: String(version))) }
        return FormData(values: values)
    }

    static func content(_ form: FormData) -> [UInt8] {
        let fields = form.values.filter { $0.name != "_csrf" && $0.name != IdempotencyStore.formField }
        return Array(fields.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8)
    }

    private func done(_ id: BulletinID, _ context: BrightContext) -> Response {
        context.wantsPage ? .seeOther("\(Self.base)/\(id)") : .noContent()
    }
}
