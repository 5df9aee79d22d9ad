import Calendar
import Crypto
import Delivery
import Foundation

/// AWS Signature Version 4 of a request to an object storage. (Not libcurl's own: that of Debian 12 signs headers that it
/// then does not send, and takes the query as it comes.)
struct ObjectSignature: Sendable {
    let region: String
    let accessKey: String
    let secretKey: String

    /// All headers of the request, those given and the signed ones.
    ///
    /// - Parameters:
    ///   - path: percent-encoded, from `/`.
    ///   - query: name and value, not encoded; sent by the caller as `canonicalQuery` gives it.
    ///   - payloadHash: lower-case hex SHA-256 of the body.
    func headers(
        _ method: String, host: String, path: String, query: [(String, String)], headers: [HTTPHeader],
        payloadHash: String, at now: Instant
    ) -> [HTTPHeader] {
        let time = Self.basicTime(now)
        let own = headers + [HTTPHeader("x-amz-content-sha256", payloadHash), HTTPHeader("x-amz-date", time)]
        let signed = (own + [HTTPHeader("host", host)]).map { (name: $0.name.lowercased(), value: $0.value) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let request = [
            method, path, Self.canonicalQuery(query), signed.map { "\($0.name):\($0.value)\n" }.joined(), names,
            payloadHash,
        ].joined(separator: "\n")
        let scope = "\(time.prefix(8))/\(region)/s3/aws4_request"
        let text = ["AWS4-HMAC-SHA256", time, scope, EvidenceVault.hexDigest(Data(request.utf8))]
            .joined(separator: "\n")
        var key = SymmetricKey(data: Data("AWS4\(secretKey)".utf8))
        for part in [String(time.prefix(8)), region, "s3", "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        let signature = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let credential = "Credential=\(accessKey)/\(scope)"
        return own + [
            HTTPHeader(
                "authorization", "AWS4-HMAC-SHA256 \(credential), SignedHeaders=\(names), Signature=\(signature)")
        ]
    }

    /// Sorted and encoded as the signature wants it.
    static func canonicalQuery(_ query: [(String, String)]) -> String {
        query.map { "\(encoded($0.0))=\(encoded($0.1))" }.sorted().joined(separator: "&")
    }

    /// RFC 3986: everything but unreserved characters is encoded.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// `20261123T010000Z`.
    static func basicTime(_ instant: Instant) -> String {
        let second = Instant(microseconds: instant.microseconds - instant.microseconds % 1_000_000)
        return String(utc(second).filter { $0 != "-" && $0 != ":" }.prefix(15)) + "Z"
    }

    /// RFC 3339 in UTC, without fractions: `2026-11-23T01:00:00Z`.
    static func utc(_ instant: Instant) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 0) ?? .gmt)
        return instant.date.formatted(style)
    }
}
