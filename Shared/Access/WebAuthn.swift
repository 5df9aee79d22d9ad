import Crypto
import Foundation

/// Checks what an authenticator answers (W3C WebAuthn Level 2 §7.1 and §7.2): ES256 only, attestation none, user present
/// and verified.
public struct WebAuthn: Sendable {
    /// Why an answer was not accepted.
    public enum Refusal: Error, Hashable, Sendable {
        case malformed
        case wrongType
        case wrongChallenge
        case wrongOrigin
        case wrongSite
        /// The person was not there, or the device did not ask for finger, face or PIN.
        case notVerified
        case wrongAlgorithm
        case badSignature
        /// The counter went back: the authenticator was copied.
        case copied
    }

    public struct Registration: Sendable {
        public let credentialId: [UInt8]
        /// x and y of the P-256 point.
        public let publicKey: [UInt8]
        public let signCount: Int64
    }

    private struct ClientData: Decodable {
        let type: String
        let challenge: String
        let origin: String
        let crossOrigin: Bool?
    }

    /// `https://kitchen.example` as browsers see it.
    public let origin: String
    /// Host of the origin.
    public let site: String

    /// nil when the origin has no host.
    public init?(origin: String) {
        guard let host = URL(string: origin)?.host() else { return nil }
        self.origin = origin
        site = host
    }

    /// The challenge inside an answer, to look it up; it is checked by nothing else.
    public static func challenge(of clientDataJSON: [UInt8]) throws -> [UInt8] {
        guard let challenge = Base64URL.decode(try clientData(clientDataJSON).challenge) else {
            throw Refusal.malformed
        }
        return challenge
    }

    private static func clientData(_ json: [UInt8]) throws -> ClientData {
        do {
            return try JSONDecoder().decode(ClientData.self, from: Data(json))
        } catch {
            throw Refusal.malformed
        }
    }

    private func check(_ json: [UInt8], type: String, challenge: [UInt8]) throws {
        let data = try Self.clientData(json)
        guard data.type == type else { throw Refusal.wrongType }
        guard constantTimeEquals(Base64URL.decode(data.challenge) ?? [], challenge) else {
            throw Refusal.wrongChallenge
        }
        guard data.origin == origin, data.crossOrigin != true else { throw Refusal.wrongOrigin }
    }

    private struct AuthenticatorData {
        let signCount: Int64
        /// Behind the fixed 37 bytes.
        let rest: [UInt8]
        let hasCredential: Bool
    }

    private func read(_ bytes: [UInt8]) throws -> AuthenticatorData {
        guard bytes.count >= 37 else { throw Refusal.malformed }
        guard Array(bytes[..<32]) == Array(SHA256.hash(data: Data(site.utf8))) else { throw Refusal.wrongSite }
        let flags = bytes[32]
        guard flags & 0x01 != 0, flags & 0x04 != 0 else { throw Refusal.notVerified }
        return AuthenticatorData(
            signCount: bytes[33..<37].reduce(0) { $0 << 8 | Int64($1) }, rest: Array(bytes[37...]),
            hasCredential: flags & 0x40 != 0)
    }

    public func register(
        clientDataJSON: [UInt8], attestationObject: [UInt8], challenge: [UInt8]
    ) throws -> Registration {
        try check(clientDataJSON, type: "webauthn.create", challenge: challenge)
        let object = try decoded(attestationObject)
        guard object.length == attestationObject.count, object.value[.text("fmt")] != nil,
            let bytes = object.value[.text("authData")]?.bytesValue
        else { throw Refusal.malformed }
        let data = try read(bytes)
        guard data.hasCredential, data.rest.count >= 18 else { throw Refusal.malformed }
        let length = Int(data.rest[16]) << 8 | Int(data.rest[17])
        guard (16...1023).contains(length), data.rest.count > 18 + length else { throw Refusal.malformed }
        let key = try decoded(Array(data.rest[(18 + length)...])).value
        // COSE (RFC 9053): key type EC2, ES256, curve P-256.
        guard key[.integer(1)] == .integer(2), key[.integer(3)] == .integer(-7), key[.integer(-1)] == .integer(1),
            let x = key[.integer(-2)]?.bytesValue, let y = key[.integer(-3)]?.bytesValue, x.count == 32, y.count == 32
        else { throw Refusal.wrongAlgorithm }
        do {
            _ = try P256.Signing.PublicKey(rawRepresentation: Data(x + y))
        } catch {
            throw Refusal.malformed
        }
        return Registration(
            credentialId: Array(data.rest[18..<(18 + length)]), publicKey: x + y, signCount: data.signCount)
    }

    /// The new counter of the authenticator, when everything is right.
    public func authenticate(
        clientDataJSON: [UInt8], authenticatorData: [UInt8], signature: [UInt8], challenge: [UInt8],
        publicKey: [UInt8], signCount: Int64
    ) throws -> Int64 {
        try check(clientDataJSON, type: "webauthn.get", challenge: challenge)
        let data = try read(authenticatorData)
        let signed = Data(authenticatorData) + Data(SHA256.hash(data: Data(clientDataJSON)))
        do {
            let key = try P256.Signing.PublicKey(rawRepresentation: Data(publicKey))
            let signature = try P256.Signing.ECDSASignature(derRepresentation: Data(signature))
            guard key.isValidSignature(signature, for: signed) else { throw Refusal.badSignature }
        } catch is CryptoKitError {
            throw Refusal.badSignature
        }
        // Authenticators that keep no counter always say 0.
        guard data.signCount > signCount || (data.signCount == 0 && signCount == 0) else { throw Refusal.copied }
        return data.signCount
    }

    private func decoded(_ bytes: [UInt8]) throws -> (value: CBOR, length: Int) {
        do {
            return try CBOR.first(of: bytes)
        } catch {
            throw Refusal.malformed
        }
    }
}
