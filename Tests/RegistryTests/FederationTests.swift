import Access
import Calendar
import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import RegistryService

/// Single sign-on against a provider that lies in every way one can; the honest one is a real provider's, in Tests/Story.
struct FederationTests {
    /// A provider whose next ID token the test chooses.
    private final class LyingProvider: Sendable {
        let key = P256.Signing.PrivateKey()
        private let state = Mutex((claims: [String: String](), keyId: "k1", fetches: 0))

        var fetches: Int { state.withLock { $0.fetches } }

        func say(_ claims: [String: String], keyId: String = "k1") {
            state.withLock { $0 = (claims, keyId, $0.fetches) }
        }

        private func answer(_ text: String) -> Response {
            Response.bytes(Array(text.utf8), contentType: "application/json")
        }

        private func token() throws -> String {
            let (claims, keyId, _) = state.withLock { $0 }
            let members = claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
            let head = Base64URL.encode(Data("{\"alg\":\"ES256\",\"kid\":\"\(keyId)\"}".utf8))
            let signed = head + "." + Base64URL.encode(Data("{\(members)}".utf8))
            return signed + "." + Base64URL.encode(try key.signature(for: Data(signed.utf8)).rawRepresentation)
        }

        func router() -> Router<BasicRequestContext> {
            let router = Router()
            router.get("/.well-known/openid-configuration") { request, _ in
                let origin = "http://\(request.head.authority ?? "")"
                return self.answer(
                    """
                    {"issuer":"\(origin)","authorization_endpoint":"\(origin)/a","token_endpoint":"\(origin)/t",
                     "jwks_uri":"\(origin)/k"}
                    """)
            }
            router.get("/k") { _, _ in
                self.state.withLock { $0.fetches += 1 }
                let point = self.key.publicKey.rawRepresentation
                let (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
                return self.answer(
                    "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\"\(x)\",\"y\":\"\(y)\"}]}")
            }
            router.post("/t") { _, _ in self.answer("{\"id_token\":\"\(try self.token())\"}") }
            return router
        }
    }

    private struct Round {
        let answer: TestResponse
        let location: URLComponents?
    }

    private func withProvider(
        _ body: @Sendable @escaping (LyingProvider, String, ServiceClient) async throws -> Void
    ) async throws {
        let provider = LyingProvider()
        try await Application(router: provider.router()).test(.live) { live in
            let issuer = "http://localhost:\(live.port ?? 0)"
            let secrets = try SecretsFolder([
                "token-signing-key.pem": try await TokenSigner().pem, "oidc-client-secret": "s",
            ])
            try await ServiceTest<RegistryService>.run(
                environment: ["SECRETS_DIR": secrets.path, "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": "us"]
            ) { _, client in
                try await RegistryTest.importFiles(RegistryTest.organsAndStations, client)
                let path = try RegistryTest.file(["姓名,登录名,角色,机构,学校", "甲,heshan.one,县级监管人员,鹤山市市场监督管理局,"])
                try await RegistryTest.importFiles(ImportFiles(staff: path), client)
                let person = try await SignInBench.person("heshan.one", client)
                let now = client.clock.now()
                try await client.pool.transaction {
                    _ = try await FederatedStore.link(issuer: issuer, subject: "s1", to: person, now: now, $0)
                }
                try await body(provider, issuer, client)
            }
            try secrets.remove()
        }
    }

    /// One whole round; `changes` replace or (with nil) remove claims of an honest token.
    private func round(
        _ provider: LyingProvider, _ issuer: String, _ client: ServiceClient, _ changes: [String: String?] = [:],
        keyId: String = "k1"
    ) async throws -> TestResponse {
        let begun = try await client.page("/registry/login/sso")
        let address = try #require(URLComponents(string: begun.headers[.location] ?? ""))
        let query = Dictionary(
            (address.queryItems ?? []).map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        #expect(query["code_challenge_method"] == "S256" && query["code_challenge"]?.utf8.count == 43)
        let now = client.clock.now().microseconds / 1_000_000
        var claims: [String: String] = [
            "iss": "\"\(issuer)\"", "sub": "\"s1\"", "aud": "\"us\"", "iat": "\(now)", "exp": "\(now + 300)",
            "nonce": "\"\(query["nonce"] ?? "")\"", "amr": "[\"pwd\",\"otp\"]",
        ]
        for (name, value) in changes { claims[name] = value }
        provider.say(claims, keyId: keyId)
        return try await client.page(
            "/registry/login/sso/callback?code=c&state=\(query["state"] ?? "")",
            cookies: SignInBench.cookies(begun))
    }

    @Test func anHonestTokenEntersAndALieDoesNot() async throws {
        try await withProvider { provider, issuer, client in
            let good = try await round(provider, issuer, client)
            #expect(good.status == .ok && SignInBench.cookies(good)["bk_session"]?.utf8.count == 43)
            #expect(good.headers[.named("Refresh")] == "0; url=/patrol/")
            let now = client.clock.now().microseconds / 1_000_000
            let lies: [[String: String?]] = [
                ["iss": "\"https://evil.example\""], ["aud": "\"them\""], ["aud": "[\"us\",\"them\"]"],
                ["aud": "[\"us\",\"them\"]", "azp": "\"them\""], ["azp": "\"them\""], ["exp": "\(now - 61)"],
                ["iat": "\(now - 601)"], ["iat": "\(now + 3600)"], ["nonce": "\"another\""], ["nonce": nil],
                ["sub": "\"\""], ["sub": nil], ["exp": nil],
            ]
            for lie in lies {
                let answer = try await round(provider, issuer, client, lie)
                #expect(answer.status == .unauthorized, "\(lie)")
                #expect(SignInBench.cookies(answer)["bk_session"] == nil, "\(lie)")
            }
            let both = try await round(provider, issuer, client, ["aud": "[\"us\",\"them\"]", "azp": "\"us\""])
            #expect(SignInBench.cookies(both)["bk_session"]?.isEmpty == false)
            // Somebody the city does not know here gets nothing, and no account.
            let stranger = try await round(provider, issuer, client, ["sub": "\"s2\""])
            #expect(stranger.status == .forbidden && SignInBench.cookies(stranger)["bk_token"] == nil)
            // Without a second factor at the provider, ours is asked for.
            let single = try await round(provider, issuer, client, ["amr": "[\"pwd\"]"])
            #expect(single.headers[.named("Refresh")] == "0; url=/registry/login/enrol")
            #expect(SignInBench.cookies(single)["bk_session"] == nil)
        }
    }

    @Test func theAnswerMustBelongToTheRequestAndTheBrowser() async throws {
        try await withProvider { provider, issuer, client in
            let begun = try await client.page("/registry/login/sso")
            let location = begun.headers[.location] ?? ""
            let state = String(try #require(location.firstMatch(of: /state=([A-Za-z0-9_-]+)/)).1)
            let callback = "/registry/login/sso/callback?code=c&state="
            let jar = SignInBench.cookies(begun)
            #expect(try await client.page(callback + state).status == .unauthorized)
            let other = SignInBench.cookies(try await client.page("/registry/login/sso"))
            #expect(try await client.page(callback + state, cookies: other).status == .unauthorized)
            #expect(try await client.page(callback + "forged", cookies: jar).status == .unauthorized)
            let mixed = try await client.page(callback + state + "&iss=https%3A%2F%2Fevil.example", cookies: jar)
            #expect(mixed.status == .unauthorized)
            // The state is good once.
            #expect(try await client.page(callback + state, cookies: jar).status == .unauthorized)
        }
    }

    @Test func unknownKeysAreLookedForButNotAtEveryToken() async throws {
        try await withProvider { provider, issuer, client in
            _ = try await round(provider, issuer, client)
            #expect(provider.fetches == 1)
            for _ in 0..<5 {
                #expect(try await round(provider, issuer, client, keyId: "k9").status == .unauthorized)
            }
            #expect(provider.fetches == 1)
            client.clock.advance(by: Federation.refreshInterval)
            _ = try await round(provider, issuer, client, keyId: "k9")
            #expect(provider.fetches == 2)
        }
    }
}
