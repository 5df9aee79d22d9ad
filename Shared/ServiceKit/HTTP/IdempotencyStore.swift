import Calendar
import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Postgres

/// Makes a repeated command harmless: the second request with the same key gets the first one's answer.
///
/// The key comes from the header `Idempotency-Key` or, from a browser's form, from the hidden field `_form`. Same key and
/// same content → the stored answer; same key and other content → 409. The answer is stored in the transaction of the
/// command, so a command that did not commit leaves no answer. Keys are kept for 24 hours.
public struct IdempotencyStore: Sendable {
    /// Form field with the page's one-time token.
    public static let formField = "_form"

    public init() {}

    /// Runs the command at most once per key. Without a key the command just runs.
    public func once(
        key: String?, content: [UInt8], context: BrightContext, in transaction: PostgresTransaction,
        _ command: @Sendable () async throws -> Response
    ) async throws -> Response {
        guard let key else { return try await command() }
        guard WellFormed.isIdentifier(key) else {
            throw Problem.invalid(
                "Idempotency-Key", code: "not_a_key", zh: "幂等键格式不正确。", en: "This is not a usable key.",
                allowed: "1…64 of A–Z a–z 0–9 - _ .")
        }
        let scope = context.principal?.personId.rawValue ?? "anonymous"
        let digest = Array(SHA256.hash(data: Data(Array(context.requestPath.utf8) + [0] + content)))
        // The insert waits for a concurrent request with the same key to commit or roll back.
        let inserted = try await transaction.execute(
            """
            INSERT INTO idempotency_answer (scope, key, content_sha256, created_at)
            VALUES (\(scope), \(key), \(digest), \(context.now)) ON CONFLICT (scope, key) DO NOTHING
            """)
        if inserted == 0 { return try await storedAnswer(scope, key, digest, transaction) }
        let response = try await command()
        let body = try await Self.bytes(of: response)
        try await transaction.execute(
            """
            UPDATE idempotency_answer
            SET status = \(response.status.code), content_type = \(response.headers[.contentType]),
                location = \(response.headers[.location]), body = \(body)
            WHERE scope = \(scope) AND key = \(key)
            """)
        return response
    }

    private func storedAnswer(
        _ scope: String, _ key: String, _ digest: [UInt8], _ transaction: PostgresTransaction
    ) async throws -> Response {
        let answer = try await transaction.first(
            """
            SELECT content_sha256, status, content_type, location, body FROM idempotency_answer
            WHERE scope = \(scope) AND key = \(key)
            """
        ) { row -> (digest: [UInt8], response: Response) in
            let status: Int = try row["status"]
            let type: String? = try row["content_type"]
            let location: String? = try row["location"]
            let body: [UInt8] = try row["body"]
            var headers: HTTPFields = [.cacheControl: "no-store", .named("Idempotent-Replay"): "true"]
            headers[.contentType] = type
            headers[.location] = location
            return (
                try row["content_sha256"],
                Response(
                    status: HTTPResponse.Status(code: status), headers: headers,
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
            )
        }
        guard let answer, answer.digest == digest else {
            throw Problem.conflict(
                code: "idempotency_key_reused", zh: "同一幂等键已用于其他内容。",
                en: "This key was used before with other content.")
        }
        return answer.response
    }

    /// Keys older than 24 hours are forgotten.
    public func purge(now: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM idempotency_answer WHERE created_at < \(now - .seconds(86_400))")
    }

    private static func bytes(of response: Response) async throws -> [UInt8] {
        let collector = BodyCollector()
        try await response.body.write(collector.writer())
        return collector.bytes
    }
}

extension Request {
    /// The key of an idempotent command, from header or form.
    public func idempotencyKey(_ form: FormData? = nil) -> String? {
        headers[.idempotencyKey] ?? form?.optional(IdempotencyStore.formField)
    }
}
