import Access
import Calendar
import Contracts
import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Every known way to forge a token, against the service as it answers over HTTP: always 401, never 5xx, never in.
struct ForgedTokenTests {
    private static func part(_ object: [String: Any]) throws -> String {
        Base64URL.encode(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
    }

    @Test func nothingForgedGetsIn() async throws {
        try await RegistryTest.run { client in
            let key = try P256.Signing.PrivateKey(pemRepresentation: client.tokens.signer.pem)
            let stranger = P256.Signing.PrivateKey()
            let kid = client.tokens.signer.kid
            let now = Int(client.clock.now().microseconds / 1_000_000)
            let point = stranger.publicKey.rawRepresentation
            let strangersKey: [String: Any] = [
                "kty": "EC", "crv": "P-256", "kid": kid, "x": Base64URL.encode(point.prefix(32)),
                "y": Base64URL.encode(point.suffix(32)),
            ]
            func claims(_ changes: [String: Any] = [:]) -> [String: Any] {
                [
                    "iss": "brightkitchen-registry", "aud": "brightkitchen", "sub": "person-1", "iat": now, "nbf": now,
                    "exp": now + 900, "jti": "1", "role": "auditor",
                ].merging(changes) { _, new in new }
            }
            func signed(
                _ header: [String: Any], _ claims: [String: Any], by key: P256.Signing.PrivateKey
            ) throws -> String {
                let text = "\(try Self.part(header)).\(try Self.part(claims))"
                return text + "." + Base64URL.encode(try key.signature(for: Data(text.utf8)).rawRepresentation)
            }
            func hmac(_ secret: Data) throws -> String {
                let text = "\(try Self.part(["alg": "HS256", "kid": kid])).\(try Self.part(claims()))"
                let mac = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: secret))
                return text + "." + Base64URL.encode(mac)
            }
            func status(_ token: String) async throws -> HTTPResponse.Status {
                try await client.get("/registry/audit", headers: [.authorization: "Bearer \(token)"]).status
            }
            let es256: [String: Any] = ["alg": "ES256", "kid": kid, "typ": "JWT"]
            let good = try signed(es256, claims(), by: key)
            #expect(try await status(good) == .ok)

            let parts = good.split(separator: ".").map(String.init)
            let escalated = try Self.part(claims(["role": "security_admin"]))
            var forged = [
                "unsigned": "\(try Self.part(["alg": "none"])).\(parts[1]).",
                "unsigned, dressed up": "\(try Self.part(["alg": "nOnE", "kid": kid])).\(parts[1]).\(parts[2])",
                "without signature": "\(parts[0]).\(parts[1]).", "two parts": "\(parts[0]).\(parts[1])",
                "another payload": "\(parts[0]).\(escalated).\(parts[2])",
                "HMAC with the published keys": try hmac(Data(client.tokens.signer.jwks())),
                "HMAC with the PEM": try hmac(Data(key.publicKey.pemRepresentation.utf8)),
                "HMAC with the point": try hmac(key.publicKey.x963Representation),
                "another's key": try signed(es256, claims(), by: stranger),
                "RS256 in the header": try signed(["alg": "RS256", "kid": kid], claims(), by: key),
                "no key id": try signed(["alg": "ES256"], claims(), by: key),
                "critical extension": try signed(
                    ["alg": "ES256", "kid": kid, "crit": ["exp"]], claims(), by: key),
                "a zero signature": "\(parts[0]).\(parts[1]).\(Base64URL.encode([UInt8](repeating: 0, count: 64)))",
                "huge": try signed(es256, claims(["pad": String(repeating: "A", count: 6000)]), by: key),
                "not a token": "x.y.z", "empty": ".", "nested": Base64URL.encode(Data(good.utf8)),
            ]
            for keyId in ["../../../../dev/null", "/etc/passwd", "' OR '1'='1", "x\u{0}y", "http://127.0.0.1:1/jwks"] {
                forged["kid \(keyId)"] = try signed(["alg": "ES256", "kid": keyId], claims(), by: stranger)
            }
            for (name, value) in [
                ("jwk", strangersKey as Any), ("jku", "http://127.0.0.1:1/jwks.json"),
                ("x5u", "http://127.0.0.1:1/c.pem"),
                ("x5c", ["MIIB"]),
            ] {
                forged["header \(name)"] = try signed(
                    ["alg": "ES256", "kid": kid, name: value], claims(), by: stranger)
            }
            for (name, changes) in [
                ("audience", ["aud": "another-product"]), ("issuer", ["iss": "https://evil.example"]),
                ("expired", ["exp": now]), ("not yet", ["nbf": now + 3600]), ("role", ["role": "root"]),
                ("no expiry", ["exp": NSNull()]), ("text expiry", ["exp": "never"]),
            ] as [(String, [String: Any])] {
                forged["claim \(name)"] = try signed(es256, claims(changes), by: key)
            }
            for (name, token) in forged {
                let answer = try await client.get("/registry/audit", headers: [.authorization: "Bearer \(token)"])
                #expect(answer.status == .unauthorized, "\(name)")
                #expect(answer.problemCode == "not_signed_in", "\(name)")
                let cookie = try await client.page("/registry/audit", cookies: ["bk_token": token])
                #expect(cookie.status == .seeOther, "\(name) as cookie")
            }
            #expect(try await status(good) == .ok)
            // A token that was good until its bearer was shut out.
            client.runtime.tokens.revoke(Revocations(issuedUntil: ["person-1": Int64(now)]))
            #expect(try await status(good) == .unauthorized)
        }
    }
}
