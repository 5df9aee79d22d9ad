import Access
import HTTPTypes
import Hummingbird
import Postgres
import ServiceKit

extension BrightContext {
    /// The signed-in person with what the journal keeps about this request.
    func caller() throws -> PatrolDesk.Caller {
        PatrolDesk.Caller(principal: try requirePrincipal(), context: try eventContext())
    }
}

/// A command over HTTP: one transaction holds its effect and the answer that a repetition of the request gets.
struct CommandRunner: Sendable {
    let desk: PatrolDesk
    let idempotency: IdempotencyStore

    /// - Parameter content: what the key stands for; the same key with other content is 409.
    func run(
        _ context: BrightContext, key: String?, content: [UInt8],
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller) async throws -> Response
    ) async throws -> Response {
        let caller = try context.caller()
        return try await answering {
            try await desk.pool.transaction { transaction in
                try await idempotency.once(key: key, content: content, context: context, in: transaction) {
                    try await command(desk.within(transaction), caller)
                }
            }
        }
    }

    /// A JSON command.
    func json<Body: Codable & Sendable>(
        _ request: Request, _ context: BrightContext, _ type: Body.Type,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller, Body) async throws -> Response
    ) async throws -> Response {
        let body = try await request.json(type, context)
        return try await run(context, key: request.idempotencyKey(), content: try BrightJSON.encode(body)) {
            try await command($0, $1, body)
        }
    }

    /// A command without a body.
    func bare(
        _ request: Request, _ context: BrightContext,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller) async throws -> Response
    ) async throws -> Response {
        try await run(context, key: request.idempotencyKey(), content: [], command)
    }

    /// A form of a page; its one-time token keeps a double click harmless.
    func form(
        _ form: FormData, _ request: Request, _ context: BrightContext,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller) async throws -> Response
    ) async throws -> Response {
        let content = form.values.filter { $0.name != "_csrf" }.map { "\($0.name)=\($0.value)" }.joined(separator: "\n")
        return try await run(context, key: request.idempotencyKey(form), content: Array(content.utf8), command)
    }
}
