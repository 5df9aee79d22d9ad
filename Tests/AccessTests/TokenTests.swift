import Access
import Calendar
import Concurrency
import Contracts
import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing

/// Tokens: what is accepted, and every known way to cheat (faults row 18).
@Suite struct TokenTests {
    private static let now = Instant(microseconds: 1_795_395_600_000_000)

    /// A token with chosen header and claims, signed with a P-256 key of ours or not at all.
    private static func forge(
        header: [String: Any], claims: [String: Any], key: P256.Signing.PrivateKey? = nil, signature: Data? = nil
    ) throws -> String {
        func part(_ object: [String: Any]) throws -> String {
            base64url(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
        }
        let signed = "\(try part(header)).\(try part(claims))"
        let bytes = try signature ?? key?.signature(for: Data(signed.utf8)).rawRepresentation ?? Data()
        return "\(signed).\(base64url(bytes))"
    }

    private static func base64url(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func claims(_ changes: [String: Any] = [:]) -> [String: Any] {
        let seconds = Int(now.microseconds / 1_000_000)
        return [
            "iss": "brightkitchen-registry", "aud": "brightkitchen", "sub": "person-1", "iat": seconds, "nbf": seconds,
            "exp": seconds + 900, "jti": "1", "role": "auditor",
        ].merging(changes) { _, new in new }
    }

    private struct Bench {
        let tokens: TestTokens
        let key: P256.Signing.PrivateKey
        let clock: FixedClock
        let verifier: TokenVerifier

        init() async throws {
            tokens = try await TestTokens()
            key = try P256.Signing.PrivateKey(pemRepresentation: tokens.signer.pem)
            clock = FixedClock(TokenTests.now)
            verifier = TokenVerifier(source: tokens.source, clock: clock)
        }

        func error(_ token: String) async -> TokenError? {
            do {
                _ = try await verifier.verify(token)
                return nil
            } catch {
                return error as? TokenError
            }
        }
    }

    @Test func aGoodTokenNamesThePerson() async throws {
        let bench = try await Bench()
        let token = try await bench.tokens.token(TestPersons.station, now: Self.now)
        #expect(try await bench.verifier.verify(token) == TestPersons.station)
        #expect(try await bench.verifier.verify(token) == TestPersons.station)
        let own = try Self.forge(
            header: ["alg": "ES256", "kid": bench.tokens.signer.kid], claims: Self.claims(), key: bench.key)
        #expect(try await bench.verifier.verify(own).role == .auditor)
    }

    @Test func algorithmsOtherThanES256AreRefused() async throws {
        let bench = try await Bench()
        let kid = bench.tokens.signer.kid
        for algorithm in ["none", "None", "HS256", "RS256", "ES384", "EdDSA", "es256"] {
            let token = try Self.forge(header: ["alg": algorithm, "kid": kid], claims: Self.claims(), key: bench.key)
            #expect(await bench.error(token) == .wrongAlgorithm, "\(algorithm)")
        }
        // HMAC with the public key as secret, the classic confusion.
        let jwks = bench.tokens.signer.jwks()
        let header = Self.base64url(Data(#"{"alg":"HS256","kid":"\#(kid)"}"#.utf8))
        let payload = Self.base64url(try JSONSerialization.data(withJSONObject: Self.claims()))
        let mac = HMAC<SHA256>.authenticationCode(
            for: Data("\(header).\(payload)".utf8), using: SymmetricKey(data: Data(jwks)))
        #expect(await bench.error("\(header).\(payload).\(Self.base64url(Data(mac)))") == .wrongAlgorithm)
        let unsigned = try Self.forge(header: ["alg": "none"], claims: Self.claims())
        #expect(await bench.error(unsigned) == .wrongAlgorithm)
    }

    @Test func keysAreFoundByIdOnly() async throws {
        let bench = try await Bench()
        for kid in ["other", "", "../../etc/passwd", "' OR 1=1 --"] {
            let token = try Self.forge(header: ["alg": "ES256", "kid": kid], claims: Self.claims(), key: bench.key)
            #expect(await bench.error(token) == .unknownKey, "\(kid)")
        }
        let without = try Self.forge(header: ["alg": "ES256"], claims: Self.claims(), key: bench.key)
        #expect(await bench.error(without) == .unknownKey)
        let critical = try Self.forge(
            header: ["alg": "ES256", "kid": bench.tokens.signer.kid, "crit": ["b64"]], claims: Self.claims(),
            key: bench.key)
        #expect(await bench.error(critical) == .unknownKey)
    }

    @Test func claimsAreChecked() async throws {
        let bench = try await Bench()
        let header = ["alg": "ES256", "kid": bench.tokens.signer.kid]
        let seconds = Int(Self.now.microseconds / 1_000_000)
        let cases: [([String: Any], TokenError)] = [
            (["iss": "elsewhere"], .wrongIssuer), (["aud": "another"], .wrongAudience), (["exp": seconds], .expired),
            (["exp": seconds - 1], .expired), (["nbf": seconds + 31], .notYetValid),
            (["role": "emperor"], .badSignature),
        ]
        for (changes, expected) in cases {
            let token = try Self.forge(header: header, claims: Self.claims(changes), key: bench.key)
            let error = await bench.error(token)
            if changes["role"] != nil {
                #expect(error != nil)
            } else {
                #expect(error == expected, "\(changes)")
            }
        }
    }

    @Test func tamperingIsSeen() async throws {
        let bench = try await Bench()
        let token = try await bench.tokens.token(TestPersons.principal, now: Self.now)
        let parts = token.split(separator: ".").map(String.init)
        let stranger = try Self.forge(
            header: ["alg": "ES256", "kid": bench.tokens.signer.kid], claims: Self.claims(),
            key: P256.Signing.PrivateKey())
        #expect(await bench.error(stranger) == .badSignature)
        let promoted = try Self.forge(
            header: ["alg": "ES256", "kid": bench.tokens.signer.kid], claims: Self.claims(["role": "city_regulator"]))
        let body = promoted.split(separator: ".")[1]
        #expect(await bench.error("\(parts[0]).\(body).\(parts[2])") == .badSignature)
        for broken in ["", ".", "..", "a.b.c", parts[0], "\(parts[0]).\(parts[1])", token + ".x", "\(token)\u{0}"] {
            #expect(await bench.error(broken) != nil, "\(broken)")
        }
        #expect(await bench.error(String(repeating: "a", count: 5_000)) == .malformed)
    }

    @Test func aRememberedTokenStillExpires() async throws {
        let bench = try await Bench()
        let token = try await bench.tokens.token(TestPersons.station, now: Self.now)
        #expect(await bench.error(token) == nil)
        bench.clock.advance(by: .seconds(899))
        #expect(await bench.error(token) == nil)
        bench.clock.advance(by: .seconds(1))
        #expect(await bench.error(token) == .expired)
        bench.clock.set(Self.now - .seconds(31))
        #expect(await bench.error(token) == .notYetValid)
    }

    @Test func unknownKeysAreLookedUpAtMostEveryFewSeconds() async throws {
        let old = try await TokenSigner()
        let new = try await TokenSigner()
        let clock = FixedClock(Self.now)
        let source = ChangingJWKS(old.jwks())
        let verifier = TokenVerifier(source: source, clock: clock)
        let first = try await old.sign(TestPersons.station, now: Self.now)
        #expect(try await verifier.verify(first) == TestPersons.station)
        source.document.withLock { $0 = TokenSigner.jwks(of: [old, new]) }
        let second = try await new.sign(TestPersons.county, now: Self.now)
        await #expect(throws: TokenError.unknownKey) { try await verifier.verify(second) }
        for _ in 0..<100 { await #expect(throws: TokenError.unknownKey) { try await verifier.verify(second) } }
        #expect(source.fetches.withLock { $0 } == 1)
        clock.advance(by: .seconds(6))
        #expect(try await verifier.verify(second) == TestPersons.county)
        #expect(source.fetches.withLock { $0 } == 2)
        // The old key is withdrawn: its tokens stop working once the keys are read again.
        source.document.withLock { $0 = new.jwks() }
        clock.advance(by: .seconds(601))
        let third = try await new.sign(TestPersons.county, now: clock.now())
        #expect(try await verifier.verify(third) == TestPersons.county)
        let late = try await old.sign(TestPersons.station, now: clock.now())
        await #expect(throws: TokenError.unknownKey) { try await verifier.verify(late) }
    }

    private final class ChangingJWKS: JWKSSource {
        let document: Mutex<[UInt8]>
        let fetches = Mutex(0)

        init(_ document: [UInt8]) { self.document = Mutex(document) }

        func fetchJWKS() async throws -> [UInt8] {
            fetches.withLock { $0 += 1 }
            return document.withLock { $0 }
        }
    }

    @Test func secretsAreComparedInConstantTime() {
        #expect(constantTimeEquals("abc", "abc"))
        #expect(!constantTimeEquals("abc", "abd") && !constantTimeEquals("abc", "ab") && constantTimeEquals("", ""))
    }
}
