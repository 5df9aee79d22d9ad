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

/// Passkeys, with an authenticator made of a P-256 key.
struct PasskeyTests {
    private static let origin = "http://127.0.0.1:8080"

    private struct Authenticator {
        let key = P256.Signing.PrivateKey()
        let id = [UInt8]((0..<32).map { _ in UInt8.random(in: 0...255) })
        var site = "127.0.0.1"
        var origin = PasskeyTests.origin
        var flags: UInt8 = 0x05

        func clientData(_ type: String, _ challenge: String) -> [UInt8] {
            Array(#"{"type":"\#(type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":false}"#.utf8)
        }

        func data(_ count: UInt32, flags: UInt8) -> [UInt8] {
            Array(SHA256.hash(data: Data(site.utf8))) + [flags] + withUnsafeBytes(of: count.bigEndian) { Array($0) }
        }

        /// `fmt: none` with an ES256 key in COSE form.
        var attestation: [UInt8] {
            let point = [UInt8](key.publicKey.rawRepresentation)
            let cose: [UInt8] =
                [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20] + point.prefix(32) + [0x22, 0x58, 0x20]
                + point.suffix(32)
            let authData =
                data(0, flags: flags | 0x40) + [UInt8](repeating: 0, count: 16) + [0, UInt8(id.count)] + id + cose
            return [0xa3, 0x63] + Array("fmt".utf8) + [0x64] + Array("none".utf8) + [0x67] + Array("attStmt".utf8)
                + [0xa0, 0x68] + Array("authData".utf8) + [0x58, UInt8(authData.count)] + authData
        }
    }

    private struct Options: Decodable {
        let challenge: String
    }

    private func register(_ device: Authenticator, _ client: ServiceClient) async throws -> TestResponse {
        let me = try await SignInBench.principal("heshan.one", client)
        let options = try await client.post("/registry/account/passkeys/options", as: me, json: [String: String]())
            .json(Options.self)
        return try await client.post(
            "/registry/account/passkeys", as: me,
            json: [
                "client_data_json": Base64URL.encode(device.clientData("webauthn.create", options.challenge)),
                "attestation_object": Base64URL.encode(device.attestation),
            ])
    }

    private func body(_ device: Authenticator, _ challenge: String, count: UInt32) throws -> [String: String] {
        let clientData = device.clientData("webauthn.get", challenge)
        let data = device.data(count, flags: device.flags)
        let signature = try device.key.signature(for: Data(data) + Data(SHA256.hash(data: Data(clientData))))
        return [
            "credential_id": Base64URL.encode(device.id), "client_data_json": Base64URL.encode(clientData),
            "authenticator_data": Base64URL.encode(data), "signature": Base64URL.encode(signature.derRepresentation),
        ]
    }

    private func challenge(_ client: ServiceClient) async throws -> String {
        try await client.post("/registry/login/passkey/options", json: [String: String]()).json(Options.self).challenge
    }

    private func signIn(_ device: Authenticator, _ client: ServiceClient, count: UInt32) async throws -> TestResponse {
        let body = try body(device, try await challenge(client), count: count)
        return try await client.post("/registry/login/passkey", json: body)
    }

    @Test func aPasskeySignsInInsteadOfPasswordAndCode() async throws {
        try await SignInBench.withOfficers { client in
            let device = Authenticator()
            #expect(try await register(device, client).status == .created)
            #expect(try await register(device, client).problemCode == "passkey_known")
            let answer = try await signIn(device, client, count: 1)
            #expect(answer.status == .ok && answer.text.contains("/patrol/"))
            #expect(SignInBench.cookies(answer)["bk_session"]?.utf8.count == 43)
            // The same answer again, and an authenticator whose counter went back.
            let replayed = try body(device, try await challenge(client), count: 2)
            #expect(try await client.post("/registry/login/passkey", json: replayed).status == .ok)
            #expect(try await client.post("/registry/login/passkey", json: replayed).status == .unauthorized)
            #expect(try await signIn(device, client, count: 2).status == .unauthorized)
            #expect(try await signIn(device, client, count: 3).status == .ok)

            let me = try await SignInBench.principal("heshan.one", client)
            let id = Base64URL.encode(device.id)
            let other = try await SignInBench.principal("city.edu", client)
            let path = "/registry/account/passkeys/\(id)/remove"
            #expect(try await client.submit(path, as: other, []).status == .notFound)
            #expect(try await client.submit(path, as: me, []).status == .seeOther)
            #expect(try await signIn(device, client, count: 4).status == .unauthorized)
        }
    }

    @Test func whatIsNotMeantForUsIsRefused() async throws {
        try await SignInBench.withOfficers { client in
            let good = Authenticator()
            #expect(try await register(good, client).status == .created)
            var elsewhere = Authenticator()
            elsewhere.origin = "https://evil.example"
            var otherSite = Authenticator()
            otherSite.site = "evil.example"
            var unverified = Authenticator()
            unverified.flags = 0x01
            for device in [elsewhere, otherSite, unverified] {
                #expect(try await register(device, client).problemCode == "passkey_refused")
            }
            // Another's key under a known id; a challenge that nobody handed out; garbage.
            let impostor = try P256.Signing.PrivateKey(rawRepresentation: Authenticator().key.rawRepresentation)
            let open = try await challenge(client)
            let clientData = good.clientData("webauthn.get", open)
            let data = good.data(9, flags: 5)
            let forged = try impostor.signature(for: Data(data) + Data(SHA256.hash(data: Data(clientData))))
            let foreign = [
                "credential_id": Base64URL.encode(good.id), "client_data_json": Base64URL.encode(clientData),
                "authenticator_data": Base64URL.encode(data), "signature": Base64URL.encode(forged.derRepresentation),
            ]
            #expect(try await client.post("/registry/login/passkey", json: foreign).status == .unauthorized)
            let invented = try body(good, Base64URL.encode([UInt8](repeating: 7, count: 32)), count: 9)
            #expect(try await client.post("/registry/login/passkey", json: invented).status == .unauthorized)
            var broken = try body(good, try await challenge(client), count: 9)
            broken["signature"] = "!!"
            #expect(try await client.post("/registry/login/passkey", json: broken).problemCode == "not_base64url")
            // Challenges are of one kind: one made for signing in registers nothing.
            client.clock.advance(by: .seconds(301))
            let late = try body(good, open, count: 10)
            #expect(try await client.post("/registry/login/passkey", json: late).status == .unauthorized)
        }
    }

    @Test func theAuthenticatorsEncodingIsReadStrictly() throws {
        for bytes in [
            [], [0xff], [0x5f], [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xa2, 1, 1, 1, 2],
            [0x61, 0xff],
            [UInt8](repeating: 0x81, count: 4000), [0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]] {
            #expect(throws: CBOR.Malformed.self) { try CBOR.first(of: bytes) }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            do { _ = try CBOR.first(of: bytes) } catch is CBOR.Malformed {}
        }
        #expect(try CBOR.first(of: [0x39, 0x01, 0x00]).value == .integer(-257))
    }
}
