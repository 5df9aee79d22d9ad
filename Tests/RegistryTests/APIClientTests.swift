import Access
import Calendar
import Contracts
import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Programs: registered by two persons, with rotating secrets or keys, reading only.
struct APIClientTests {
    private struct Token: Decodable {
        let accessToken: String
        let scope: String
        let expiresIn: Int
    }

    private struct Failure: Decodable {
        let error: String
    }

    private static let audience = "http://127.0.0.1:8080/registry/oauth/token"

    private func token(_ client: ServiceClient, _ fields: [(String, String)]) async throws -> TestResponse {
        let body = ([("grant_type", "client_credentials")] + fields).map {
            "\($0.0)=\(PercentEncoding.queryValue($0.1))"
        }.joined(separator: "&")
        return try await client.send(
            .post, "/registry/oauth/token", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array(body.utf8))
    }

    /// Registers a program of the county bureau: proposed by one administrator, approved by the other.
    private func register(_ client: ServiceClient) async throws -> String {
        let one = try await SignInBench.principal("sec.one", client)
        let two = try await SignInBench.principal("sec.two", client)
        let proposed = try await client.submit(
            "/registry/api-clients", as: one,
            [
                ("name", "教育局数据平台"), ("organ", "鹤山市教育局"), ("scopes", "see_register"), ("scopes", "see_problem"),
                ("reason", "对接"),
            ])
        #expect(proposed.headers[.location] == "/registry/approvals")
        let page = try await client.page("/registry/approvals", as: two)
        let match = try #require(
            page.text.firstMatch(
                of: /action="\/registry\/approvals\/([^"]+)".*?content_sha256" value="([0-9a-f]{64})"/
                    .dotMatchesNewlines()))
        let approved = try await client.submit(
            "/registry/approvals/\(match.1)", as: two, [("decision", "approve"), ("content_sha256", String(match.2))])
        #expect(approved.status == .seeOther)
        let id = try await client.pool.first("SELECT id FROM api_client") { row -> String in try row["id"] }
        return try #require(id)
    }

    private func newSecret(_ client: ServiceClient, _ id: String, overlap: Int) async throws -> String {
        let page = try await client.submit(
            "/registry/api-clients/\(id)/secrets", as: try await SignInBench.principal("sec.one", client),
            [("overlap_hours", String(overlap))])
        return String(try #require(page.text.firstMatch(of: /<code class="mono">([A-Za-z0-9_-]{43})<\/code>/)).1)
    }

    @Test func aProgramReadsItsOrgansAreaAndNothingElse() async throws {
        try await SignInBench.withOfficers { client in
            var files = RegistryTest.organsAndStations
            files.roster = RegistryTest.demoFile("roster-sample.csv")
            try await RegistryTest.importFiles(files, client)
            let id = try await register(client)
            let secret = try await newSecret(client, id, overlap: 0)
            let answer = try await token(client, [("client_id", id), ("client_secret", secret)])
            #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
            let token = try answer.json(Token.self)
            #expect(token.scope == "see_problem see_register" && token.expiresIn == 900)
            let jwks = try await client.get("/registry/jwks.json")
            let verifier = TokenVerifier(
                source: StaticJWKS(json: Array(jwks.body.readableBytesView)), clock: client.clock)
            let program = try await verifier.verify(token.accessToken)
            #expect(program.role == .educationOfficer && program.scopes == [.seeRegister, .seeProblem])

            struct List: Decodable { let total: Int }
            let bureau = try await RegistryTest.officer(.educationOfficer, "鹤山市教育局", client)
            let own = try await client.get("/registry/v1/canteens", as: program).json(List.self)
            #expect(own.total > 0)
            #expect(own.total == (try await client.get("/registry/v1/canteens", as: bureau).json(List.self).total))
            // Not among its scopes, not reading, not for programs at all.
            for path in ["/registry/account", "/registry/approvals", "/registry/audit"] {
                #expect(try await client.get(path, as: program).status == .forbidden, "\(path)")
            }
            let policy = AccessPolicy()
            #expect(policy.decide(bureau, .urge) == .allowed && policy.decide(program, .urge) == .denied)
            #expect(policy.decide(program, .readBulletins, intent: .read) == .denied)
            #expect(policy.decide(program, .seeProblem, on: TestPersons.foreignCanteen, intent: .read) == .hidden)
            let used = try await client.page(
                "/registry/api-clients/\(id)", as: try await SignInBench.principal("sec.one", client))
            #expect(used.text.contains("2026-11-23 09:00"))
        }
    }

    @Test func secretsRotateWithAnOverlapAndRevocationIsImmediate() async throws {
        try await SignInBench.withOfficers { client in
            let id = try await register(client)
            func status(_ secret: String) async throws -> HTTPResponse.Status {
                try await token(client, [("client_id", id), ("client_secret", secret)]).status
            }
            let first = try await newSecret(client, id, overlap: 0)
            let second = try await newSecret(client, id, overlap: 24)
            #expect(try await status(first) == .ok)
            #expect(try await status(second) == .ok)
            client.clock.advance(by: .seconds(24 * 3600))
            #expect(try await status(first) == .unauthorized)
            #expect(try await status(second) == .ok)
            let narrow = try await token(
                client, [("client_id", id), ("client_secret", second), ("scope", "see_register")])
            #expect(try narrow.json(Token.self).scope == "see_register")
            let wide = try await token(
                client, [("client_id", id), ("client_secret", second), ("scope", "grant_roles")])
            #expect(try wide.json(Failure.self).error == "invalid_scope")
            let stored = try await client.pool.query("SELECT encode(secret_hash, 'escape') AS h FROM api_client_secret")
            {
                row -> String in try row["h"]
            }
            #expect(stored.count == 2 && !stored.contains { $0.contains(second) })

            _ = try await client.submit(
                "/registry/api-clients/\(id)/revoke", as: try await SignInBench.principal("sec.two", client), [])
            #expect(try await status(second) == .unauthorized)
            #expect(try await RevocationStore.current(client.pool).issuedUntil[id] != nil)
        }
    }

    private func assertion(
        _ id: String, _ key: P256.Signing.PrivateKey, _ client: ServiceClient, _ changes: [String: Any] = [:]
    ) throws -> String {
        let now = Int(client.clock.now().microseconds / 1_000_000)
        let claims: [String: Any] = [
            "iss": id, "sub": id, "aud": Self.audience, "exp": now + 300, "iat": now, "jti": UUID().uuidString,
        ].merging(changes) { _, new in new }
        let head = Base64URL.encode(Data(#"{"alg":"ES256","kid":"k1"}"#.utf8))
        let signed = head + "." + Base64URL.encode(try JSONSerialization.data(withJSONObject: claims))
        return signed + "." + Base64URL.encode(try key.signature(for: Data(signed.utf8)).rawRepresentation)
    }

    @Test func aSignedAssertionIsGoodOnceForUsAndNow() async throws {
        try await SignInBench.withOfficers { client in
            let id = try await register(client)
            let key = P256.Signing.PrivateKey()
            let point = key.publicKey.rawRepresentation
            let jwks =
                #"{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","x":"\#(Base64URL.encode(point.prefix(32)))","y":"\#(Base64URL.encode(point.suffix(32)))"}]}"#
            let security = try await SignInBench.principal("sec.one", client)
            let privately = jwks.replacing(#""kty""#, with: #""d":"AAAA","kty""#)
            for (text, status) in [
                (privately, HTTPResponse.Status.unprocessableContent), ("{}", .unprocessableContent), (jwks, .seeOther),
            ] {
                let set = try await client.submit("/registry/api-clients/\(id)/keys", as: security, [("jwks", text)])
                #expect(set.status == status)
            }
            func send(_ text: String) async throws -> HTTPResponse.Status {
                try await token(
                    client,
                    [
                        ("client_assertion", text),
                        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ]
                ).status
            }
            let good = try assertion(id, key, client)
            #expect(try await send(good) == .ok)
            #expect(try await send(good) == .unauthorized)
            client.clock.advance(by: .seconds(901))
            let now = Int(client.clock.now().microseconds / 1_000_000)
            for changes in [
                ["aud": "https://elsewhere.example"], ["exp": now - 1], ["exp": now + 7200], ["iss": "client-x"],
                ["nbf": now + 600],
            ] as [[String: Any]] {
                #expect(try await send(try assertion(id, key, client, changes)) == .unauthorized, "\(changes)")
            }
            client.clock.advance(by: .seconds(1000))
            let stranger = try assertion(id, P256.Signing.PrivateKey(), client)
            #expect(try await send(stranger) == .unauthorized)
            #expect(try await send(try assertion(id, key, client)) == .ok)
        }
    }

    @Test func guessingSecretsIsSlowedDown() async throws {
        try await SignInBench.withOfficers { client in
            let id = try await register(client)
            var last = HTTPResponse.Status.ok
            for _ in 0..<6 { last = try await token(client, [("client_id", id), ("client_secret", "x")]).status }
            #expect(last == .tooManyRequests)
            let unknown = try await token(client, [("client_id", "client-none"), ("client_secret", "x")])
            #expect(unknown.status == .unauthorized && unknown.headers[.wwwAuthenticate] != nil)
            #expect(try unknown.json(Failure.self).error == "invalid_client")
        }
    }

    @Test func administrationByJSONNeedsTwoPersonsToo() async throws {
        try await SignInBench.withOfficers { client in
            struct Wish: Encodable {
                var name = "教育局数据平台"
                var organ = "鹤山市教育局"
                var scopes = ["see_register"]
                var validTo: String?
                var reason = "对接"
            }
            struct Proposed: Decodable {
                let approvalId: String
                let clientId: String
            }
            struct Clients: Decodable {
                struct Item: Decodable { let clientId: String }
                let items: [Item]
                let total: Int
            }
            struct Overlap: Encodable { let overlapHours: Int }
            struct Secret: Decodable { let secret: String }
            let one = try await SignInBench.principal("sec.one", client)
            let two = try await SignInBench.principal("sec.two", client)
            let path = "/registry/v1/api-clients"
            let bad = try await client.post(
                path, as: one,
                json: Wish(name: "", organ: "没有这个局", scopes: ["manage_accounts"], validTo: "2020-01-01"))
            #expect(bad.status == .unprocessableContent)
            for field in ["name", "organ", "scopes", "valid_to"] {
                #expect(bad.text.contains("\"\(field)\""), "\(field)")
            }
            let answer = try await client.post(path, as: one, json: Wish())
            #expect(answer.status == .accepted)
            let proposed = try answer.json(Proposed.self)
            #expect(try await client.get(path, as: one).json(Clients.self).total == 0, "not before the second agrees")
            let page = try await client.page("/registry/approvals", as: two)
            let digest = try #require(page.text.firstMatch(of: /content_sha256" value="([0-9a-f]{64})"/)).1
            _ = try await client.submit(
                "/registry/approvals/\(proposed.approvalId)", as: two,
                [("decision", "approve"), ("content_sha256", String(digest))])
            #expect(try await client.get(path, as: one).json(Clients.self).items.map(\.clientId) == [proposed.clientId])
            let own = "\(path)/\(proposed.clientId)"
            let far = try await client.post("\(own)/secrets", as: one, json: Overlap(overlapHours: 169))
            #expect(far.problemCode == "not_in_range")
            let made = try await client.post("\(own)/secrets", as: one, json: Overlap(overlapHours: 0))
            #expect(made.status == .created)
            let secret = try made.json(Secret.self).secret
            let good = try await token(client, [("client_id", proposed.clientId), ("client_secret", secret)])
            #expect(good.status == .ok)
            let shown = try await client.get(own, as: one)
            #expect(shown.status == .ok && !shown.text.contains(secret) && shown.text.contains("secret_id"))
            for person in [TestPersons.city, TestPersons.systemAdmin] {
                #expect(try await client.get(path, as: person).status == .forbidden)
            }
            #expect(try await client.send(.post, "\(own)/revoke", as: one).status == .noContent)
            let late = try await client.post("\(own)/secrets", as: one, json: Overlap(overlapHours: 0))
            #expect(late.problemCode == "client_revoked")
            let dead = try await token(client, [("client_id", proposed.clientId), ("client_secret", secret)])
            #expect(dead.status == .unauthorized)
        }
    }
}
