import Access
import Calendar
import Concurrency
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Postgres
import ServiceKit

/// Talks to a service's router in process: the same middleware and routes as in production, no socket.
public struct ServiceClient: Sendable {
    let http: any TestClientProtocol
    public let tokens: TestTokens
    public let clock: FixedClock
    public let pool: PostgresPool
    public let runtime: ServiceRuntime
    /// All declared routes, for default-deny tests.
    public let routes: [DeclaredRoute]

    /// Token that forms sent by `submit` carry, in cookie and field.
    public static let csrf = String(repeating: "c", count: 43)

    /// A program's request; `person` becomes `Authorization: Bearer`.
    public func send(
        _ method: HTTPRequest.Method, _ path: String, as person: Principal? = nil, headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if let person { headers[.authorization] = "Bearer \(try await tokens.token(person, now: clock.now()))" }
        return try await http.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) })
    }

    public func get(
        _ path: String, as person: Principal? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await send(.get, path, as: person, headers: headers)
    }

    /// A JSON request by a program.
    public func post(
        _ path: String, as person: Principal? = nil, json: some Encodable, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await send(.post, path, as: person, headers: headers, body: try BrightJSON.encode(json))
    }

    /// A page as a browser asks for it, signed in by cookie. `cookies` may carry others, e.g. `bk_parent`.
    public func page(
        _ path: String, as person: Principal? = nil, cookies: [String: String] = [:], language: String = "zh-CN"
    ) async throws -> TestResponse {
        try await send(.get, path, headers: try await browser(person, cookies, language))
    }

    /// A form as a browser sends it, with cookies and CSRF token.
    public func submit(
        _ path: String, as person: Principal? = nil, cookies: [String: String] = [:], language: String = "zh-CN",
        _ fields: [(String, String)]
    ) async throws -> TestResponse {
        var headers = try await browser(person, cookies, language)
        headers[.contentType] = "application/x-www-form-urlencoded"
        let pairs = (fields + [("_csrf", Self.csrf)]).map {
            "\(PercentEncoding.queryValue($0.0))=\(PercentEncoding.queryValue($0.1))"
        }
        return try await send(.post, path, headers: headers, body: Array(pairs.joined(separator: "&").utf8))
    }

    /// A form with files as a browser sends it.
    public func upload(
        _ path: String, as person: Principal? = nil, cookies: [String: String] = [:], _ fields: [(String, String)],
        files: [(field: String, name: String, type: String, bytes: [UInt8])]
    ) async throws -> TestResponse {
        var headers = try await browser(person, cookies, "zh-CN")
        let boundary = "----brightkitchen"
        headers[.contentType] = "multipart/form-data; boundary=\(boundary)"
        var body: [UInt8] = []
        for (name, value) in fields + [("_csrf", Self.csrf)] {
            body += Array(
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for file in files {
            body += Array(
                ("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(file.field)\"; filename=\"\(file.name)\"\r\n"
                    + "Content-Type: \(file.type)\r\n\r\n").utf8)
            body += file.bytes + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        return try await send(.post, path, headers: headers, body: body)
    }

    private func browser(
        _ person: Principal?, _ cookies: [String: String], _ language: String
    ) async throws -> HTTPFields {
        var all = cookies
        all[CookieName.csrf] = Self.csrf
        if let person { all[CookieName.token] = try await tokens.token(person, now: clock.now()) }
        return [
            .accept: "text/html,application/xhtml+xml", .acceptLanguage: language,
            .cookie: all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "),
        ]
    }
}

extension TestResponse {
    public var text: String { String(buffer: body) }

    public func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try BrightJSON.decode(type, from: Array(body.readableBytesView))
    }

    /// The `code` of a problem document; nil for other answers.
    public var problemCode: String? {
        struct Document: Decodable { let code: String }
        guard headers[.contentType] == "application/problem+json" else { return nil }
        do {
            return try json(Document.self).code
        } catch {
            return nil
        }
    }
}
