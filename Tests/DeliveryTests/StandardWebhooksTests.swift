import Calendar
import Foundation
import Testing

@testable import Delivery

@Suite struct StandardWebhooksTests {
    // The vector published with the specification's reference libraries.
    static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    static let body = [UInt8](#"{"test": 2432232314}"#.utf8)
    static let instant = Instant(microseconds: 1_614_265_330_000_000)
    static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    func publishedSecret() throws -> WebhookSecret {
        try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    }

    @Test func thePublishedVectorIsReproduced() throws {
        let headers = try StandardWebhooks.sign(
            id: Self.id, at: Self.instant, body: Self.body, secrets: [try publishedSecret()])
        #expect(
            headers == [
                HTTPHeader("webhook-id", Self.id), HTTPHeader("webhook-timestamp", "1614265330"),
                HTTPHeader("webhook-signature", Self.signature),
            ])
        try StandardWebhooks.verify(
            headers: headers, body: Self.body, secrets: [try publishedSecret()], now: Self.instant)
    }

    @Test func oneChangedByteOfBodyIdOrTimeIsRefused() throws {
        let secret = WebhookSecret.generate()
        let headers = try StandardWebhooks.sign(id: "a", at: Self.instant, body: Self.body, secrets: [secret])
        func verify(_ headers: [HTTPHeader], _ body: [UInt8]) throws {
            try StandardWebhooks.verify(headers: headers, body: body, secrets: [secret], now: Self.instant)
        }
        try verify(headers, Self.body)
        #expect(throws: WebhookVerificationError.noMatchingSignature) { try verify(headers, Self.body + [0x20]) }
        for (index, value) in [(0, "b"), (1, "1614265331")] {
            var changed = headers
            changed[index] = HTTPHeader(headers[index].name, value)
            #expect(throws: WebhookVerificationError.noMatchingSignature) { try verify(changed, Self.body) }
        }
    }

    @Test func oldAndNewSecretBothVerifyDuringRotation() throws {
        let old = WebhookSecret.generate()
        let new = WebhookSecret.generate()
        let headers = try StandardWebhooks.sign(id: "m", at: Self.instant, body: Self.body, secrets: [new, old])
        for secret in [old, new] {
            try StandardWebhooks.verify(headers: headers, body: Self.body, secrets: [secret], now: Self.instant)
        }
        #expect(throws: WebhookVerificationError.noMatchingSignature) {
            try StandardWebhooks.verify(
                headers: headers, body: Self.body, secrets: [WebhookSecret.generate()], now: Self.instant)
        }
    }

    @Test func asymmetricSignaturesVerifyWithThePublicKeyInItsTextForm() throws {
        let key = try #require(WebhookSigningKey(WebhookSigningKey.generate().text))
        let headers = try StandardWebhooks.sign(
            id: "m", at: Self.instant, body: Self.body, secrets: [], signingKeys: [key])
        #expect(headers[2].value.hasPrefix("v1a,"))
        let publicKey = try #require(WebhookPublicKey(key.publicKey.text))
        try StandardWebhooks.verify(
            headers: headers, body: Self.body, secrets: [], publicKeys: [publicKey], now: Self.instant)
        #expect(throws: WebhookVerificationError.noMatchingSignature) {
            try StandardWebhooks.verify(
                headers: headers, body: Self.body, secrets: [],
                publicKeys: [WebhookSigningKey.generate().publicKey], now: Self.instant)
        }
    }

    @Test func ed25519MatchesRFC8032Test1() throws {
        // RFC 8032 §7.1 TEST 1: the seed gives this public key.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let expected = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let key = try #require(WebhookSigningKey("whsk_" + Data(hex(seed)).base64EncodedString()))
        #expect(key.publicKey.text == "whpk_" + Data(hex(expected)).base64EncodedString())
        // A 64-byte form whose second half is another key is refused.
        #expect(WebhookSigningKey("whsk_" + Data(hex(seed) + hex(seed)).base64EncodedString()) == nil)
    }

    @Test func messagesOutsideFiveMinutesAreRefused() throws {
        let secret = WebhookSecret.generate()
        let headers = try StandardWebhooks.sign(id: "m", at: Self.instant, body: Self.body, secrets: [secret])
        func verify(_ offset: Duration) throws {
            try StandardWebhooks.verify(
                headers: headers, body: Self.body, secrets: [secret], now: Self.instant + offset)
        }
        try verify(.seconds(300))
        try verify(.seconds(-300))
        #expect(throws: WebhookVerificationError.timestampTooOld) { try verify(.seconds(301)) }
        #expect(throws: WebhookVerificationError.timestampTooNew) { try verify(.seconds(-301)) }
    }

    @Test func missingHeadersAndUnknownVersionsAreRefused() throws {
        let secret = WebhookSecret.generate()
        let headers = try StandardWebhooks.sign(id: "m", at: Self.instant, body: Self.body, secrets: [secret])
        for index in headers.indices {
            var fewer = headers
            fewer.remove(at: index)
            #expect(throws: WebhookVerificationError.missingHeader) {
                try StandardWebhooks.verify(headers: fewer, body: Self.body, secrets: [secret], now: Self.instant)
            }
        }
        let unknown = headers[2].value.replacingOccurrences(of: "v1,", with: "v2,")
        #expect(throws: WebhookVerificationError.noMatchingSignature) {
            try StandardWebhooks.verify(
                headers: [headers[0], headers[1], HTTPHeader("webhook-signature", unknown)], body: Self.body,
                secrets: [secret], now: Self.instant)
        }
        try StandardWebhooks.verify(
            headers: [headers[0], headers[1], HTTPHeader("webhook-signature", unknown + " " + headers[2].value)],
            body: Self.body, secrets: [secret], now: Self.instant)
    }

    @Test func secretsOutside24To64BytesAreRefused() {
        func secret(_ count: Int) -> WebhookSecret? {
            WebhookSecret("whsec_" + Data(repeating: 7, count: count).base64EncodedString())
        }
        #expect(secret(23) == nil)
        #expect(secret(24) != nil)
        #expect(secret(64) != nil)
        #expect(secret(65) == nil)
        #expect(WebhookSecret("whsec_!!!") == nil)
    }

    private func hex(_ text: String) -> [UInt8] {
        stride(from: 0, to: text.count, by: 2).compactMap { offset in
            let start = text.index(text.startIndex, offsetBy: offset)
            return UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16)
        }
    }
}
