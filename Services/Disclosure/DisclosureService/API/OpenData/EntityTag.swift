import Access
import Crypto
import HTTPTypes
import Hummingbird
import ServiceKit

/// Conditional requests (RFC 9110 §13): a client that has the current version gets 304 and no body.
enum EntityTag {
    /// Every version is checked with us before use: what was acknowledged as changed is never shown old.
    static let cacheControl = "public, no-cache"

    static func ofRevision(_ revision: Int, day: String) -> String { "\"r\(revision)-\(day)\"" }

    static func ofContent(_ bytes: [UInt8]) -> String {
        "\"" + Base64URL.encode(SHA256.hash(data: bytes).prefix(12)) + "\""
    }

    static func isCurrent(_ tag: String, _ request: Request) -> Bool {
        guard let header = request.headers[.ifNoneMatch] else { return false }
        return header.split(separator: ",").contains { part in
            let candidate = part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
            let text = String(candidate)
            return text == "*" || text == tag || text == "W/" + tag
        }
    }

    static func notModified(_ tag: String) -> Response {
        Response(status: .notModified, headers: [.eTag: tag, .cacheControl: cacheControl])
    }

    static func json(_ bytes: [UInt8], tag: String) -> Response {
        var response = Response.bytes(
            bytes, contentType: "application/json; charset=utf-8", cacheControl: cacheControl)
        response.headers[.eTag] = tag
        return response
    }
}
