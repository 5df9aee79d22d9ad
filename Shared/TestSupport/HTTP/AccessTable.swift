import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit

/// Calls every declared route of a service as everybody: the generated table of who gets what.
///
/// The rules are the product's own declaration and the access matrix; nothing about a route is written here twice.
public struct AccessTable: Sendable {
    /// A cell that is not as the matrix says.
    public struct Fault: Sendable, CustomStringConvertible {
        public let description: String
    }

    private let client: ServiceClient
    /// Values for `{name}` parameters that are not meant to be unknown.
    private let parameters: [String: String]

    public init(_ client: ServiceClient, parameters: [String: String] = [:]) {
        self.client = client
        self.parameters = parameters
    }

    /// Every route without a token, with garbage, with an expired one, with one of a stranger's key, and as every role.
    public func faults() async throws -> [Fault] {
        let strangers = try await strangersAuthorizations()
        var faults: [Fault] = []
        for route in client.routes where route.path != "/health/ready" {
            for (name, authorization) in strangers {
                let answer = try await call(route, authorization)
                if let fault = judgeStranger(route, answer) { faults.append(Self.fault(route, name, answer, fault)) }
            }
            for person in TestPersons.everyRole {
                let token = try await client.tokens.token(person, now: client.clock.now())
                let answer = try await call(route, "Bearer \(token)")
                if let fault = judge(route, person, answer) {
                    faults.append(Self.fault(route, person.role.rawValue, answer, fault))
                }
            }
        }
        return faults
    }

    /// After `faults()`: what was asked for and is not in the audit trail although it must be, every mutation and every
    /// view whose path is one of `views` (beginnings, without the service's prefix being left out).
    ///
    /// - Parameter exempt: paths where no person acts (measurements of devices), as they are declared.
    public func unaudited(views: [String], exempt: Set<String> = []) async throws -> [Fault] {
        let rows = try await client.pool.query("SELECT DISTINCT method, route FROM audit_request") { row -> String in
            try "\(row["method"] as String) \(row["route"] as String)"
        }
        let audited = Set(rows)
        var faults: [Fault] = []
        for route in client.routes where route.rule != .internal && !exempt.contains(route.path) {
            let isView = route.method == .get && views.contains { route.path.hasPrefix($0) }
            let isMutation = route.method != .get && route.method != .head && route.method != .options
            guard isView || isMutation, !audited.contains("\(route.method.rawValue) \(route.path)") else { continue }
            faults.append(Fault(description: "\(route.method) \(route.path) is not in the audit trail"))
        }
        for view in views where !client.routes.contains(where: { $0.method == .get && $0.path.hasPrefix(view) }) {
            faults.append(Fault(description: "no route begins with \(view): the list of views is out of date"))
        }
        return faults
    }

    private func strangersAuthorizations() async throws -> [(String, String?)] {
        let now = client.clock.now()
        let person = TestPersons.city
        let expired = try await client.tokens.token(person, now: now - .seconds(86_400))
        let future = try await client.tokens.token(person, now: now + .seconds(86_400))
        let foreign = try await TestTokens().token(person, now: now)
        let valid = try await client.tokens.token(person, now: now)
        return [
            ("no token", nil), ("garbage", "Bearer garbage"), ("empty", "Bearer "), ("basic", "Basic dXNlcjpwYXNz"),
            ("expired", "Bearer \(expired)"), ("not yet valid", "Bearer \(future)"),
            ("of another key", "Bearer \(foreign)"), ("unsigned", "Bearer \(Self.unsigned(valid))"),
            ("changed", "Bearer \(valid.dropLast(4))AAAA"), ("huge", "Bearer \(String(repeating: "a", count: 20_000))"),
        ]
    }

    /// The same claims with `alg: none` and no signature.
    private static func unsigned(_ token: String) -> String {
        let header = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacing("=", with: "")
        let parts = token.split(separator: ".")
        return parts.count == 3 ? "\(header).\(parts[1])." : token
    }

    private func call(_ route: DeclaredRoute, _ authorization: String?) async throws -> TestResponse {
        var headers: HTTPFields = [:]
        headers[.authorization] = authorization
        let hasBody = route.method == .post || route.method == .put || route.method == .patch
        if hasBody { headers[.contentType] = "application/json" }
        return try await client.send(
            route.method, route.path(filling: parameters, with: "unknown-id"), headers: headers,
            body: hasBody ? Array("{}".utf8) : nil)
    }

    private func judgeStranger(_ route: DeclaredRoute, _ answer: TestResponse) -> String? {
        if answer.status.code >= 500 { return "a fault of ours" }
        switch route.rule {
        case .public, .internal: return nil
        case .signedIn, .representative, .action, .read:
            return answer.status == .unauthorized ? nil : "who is not signed in gets 401"
        }
    }

    private func judge(_ route: DeclaredRoute, _ person: Principal, _ answer: TestResponse) -> String? {
        if answer.status.code >= 500 { return "a fault of ours" }
        // Parents have sessions of their own, which live in their service: a staff token with their role is nobody.
        if answer.status == .unauthorized, person.role == .parentRepresentative { return nil }
        if answer.status == .unauthorized, route.rule != .public, route.rule != .internal {
            return "the token is good"
        }
        switch route.rule {
        case .action(let action): return judge(person, action, .perform, answer) ?? judgeUnknown(route, answer)
        case .read(let action): return judge(person, action, .read, answer) ?? judgeUnknown(route, answer)
        case .representative:
            let isRepresentative = person.role == .parentRepresentative
            return isRepresentative || answer.status == .forbidden ? nil : "only representatives"
        case .public, .signedIn, .internal: return nil
        }
    }

    private func judge(_ person: Principal, _ action: Action, _ intent: Intent, _ answer: TestResponse) -> String? {
        guard AccessPolicy().decide(person, action, intent: intent) != .allowed else { return nil }
        return answer.status == .forbidden ? nil : "the matrix says no to \(action.rawValue)"
    }

    /// A record that does not exist looks like one of another area.
    private func judgeUnknown(_ route: DeclaredRoute, _ answer: TestResponse) -> String? {
        guard route.method == .get, route.path.contains("{id}") else { return nil }
        return [403, 404].contains(answer.status.code) ? nil : "an unknown record is 404"
    }

    private static func fault(
        _ route: DeclaredRoute, _ who: String, _ answer: TestResponse, _ text: String
    ) -> Fault {
        Fault(description: "\(route.method) \(route.path) as \(who): \(answer.status.code), \(text)")
    }
}
