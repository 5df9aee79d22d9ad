import Access
import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// A small service that uses every part of ServiceKit.
struct SampleService: BrightService {
    static let description = ServiceDescription(
        name: "sample", schema: "sample", pathPrefix: "/sample",
        migrations: [
            Migration(name: "V001_init", sql: "CREATE TABLE note (id bigserial PRIMARY KEY, text text NOT NULL)")
        ], bundle: nil, openAPI: "openapi: 3.1.0\n")

    let runtime: ServiceRuntime
    let approvals: Approvals

    struct Quota: Codable, Sendable {
        let canteens: Int
    }

    init(runtime: ServiceRuntime, settings: NoSettings) async throws {
        self.runtime = runtime
        approvals = Approvals(
            runtime,
            kinds: [
                ApprovalKind(
                    "quota_change", title: LocalizedText(zh: "巡查任务", en: "Patrol quota"), proposing: .changeRules,
                    approving: .changeRules,
                    facts: { approval, _ in [ApprovalFact("canteens", String(try approval.decode(Quota.self).canteens))]
                    },
                    apply: { approval, _, transaction in
                        let quota = try approval.decode(Quota.self)
                        guard quota.canteens < 100 else {
                            throw Problem.invalid("canteens", code: "too_many", zh: "过多", en: "Too many")
                        }
                        try await transaction.execute("INSERT INTO note (text) VALUES (\(String(quota.canteens)))")
                    })
            ])
    }

    struct Unmapped: Error {
        let secret = "do not show"
    }

    struct Note: Codable, Sendable {
        var noteText: String
        var count: Int?
    }

    func routes(_ routes: Routes) {
        let runtime = runtime
        approvals.declare(routes)
        routes.post("/quota", .action(.changeRules)) { [approvals] request, context in
            let quota = try await request.json(Quota.self, context)
            return try await runtime.pool.transaction { tx in
                let proposal = try await approvals.propose(
                    "quota_change", subject: "patrol", content: quota, reason: "新学期", context, in: tx)
                return try Response.json(["approval_id": proposal.id], status: .created)
            }
        }
        routes.get("/", .public) { _, context in
            try runtime.pages.render("bright/empty", context, PageMeta(title: "Sample"), model: ["text": "<b>"])
        }
        routes.get("/mine", .signedIn) { _, context in
            try Response.json(["person": try context.requirePrincipal().personId.rawValue])
        }
        routes.get("/board", .read(.seePatrolPlan)) { _, _ in Response.text("board") }
        routes.get("/canteens/{id}", .read(.seeProblem)) { _, context in
            let id = try context.id("id", as: CanteenID.self)
            let resource = id.rawValue == "own" ? Self.own : Self.foreign
            try context.authorise(.seeProblem, on: resource, intent: .read)
            return Response.text(id.rawValue)
        }
        routes.post("/canteens/{id}/patrol", .action(.runPatrol)) { _, _ in Response.noContent() }
        routes.get("/family", .representative) { _, _ in Response.text("family") }
        routes.get("/crash", .public) { _, _ -> Response in throw Unmapped() }
        routes.get("/database/{code}", .public) { _, context -> Response in
            throw PostgresError(code: context.parameters.get("code") ?? "", message: "secret value")
        }
        routes.post("/notes", .action(.runPatrol), options: RouteOptions(bodyLimit: 2_000)) { request, context in
            let form = try await request.form(context)
            var check = form.check()
            let text = check.text("text", maximum: 20, screened: true)
            let count = check.integer("count", in: 1...9)
            try check.done()
            let key = request.idempotencyKey(form)
            return try await runtime.pool.transaction { tx in
                try await runtime.idempotency.once(
                    key: key, content: Array("\(text)/\(count)".utf8), context: context, in: tx
                ) {
                    try await tx.execute("INSERT INTO note (text) VALUES (\(text))")
                    return Response.seeOther("/sample/notes")
                }
            }
        }
        routes.post("/api/notes", .action(.runPatrol)) { request, context in
            let note = try await request.json(Note.self, context)
            return try Response.json(note, status: .created)
        }
        routes.post("/upload", .signedIn, options: RouteOptions(bodyLimit: 100_000)) { request, context in
            let form = try await request.form(context)
            let file = form.files("photo").first
            return try Response.json([
                "name": file?.fileName ?? "", "size": String(file?.bytes.count ?? 0), "note": try form.required("note"),
            ])
        }
    }

    static let own = Resource(
        divisionCode: "440703", stationOrganId: OrganID("organ-440703-01"), countyOrganId: OrganID("organ-440703"),
        schoolId: SchoolID("school-1"))
    static let foreign = Resource(
        divisionCode: "440704", stationOrganId: OrganID("organ-440704-01"), countyOrganId: OrganID("organ-440704"),
        schoolId: SchoolID("school-2"))
}
