import HTTPTypes
import Hummingbird

extension Response {
    /// JSON in snake_case. `Cache-Control: no-store` unless told otherwise.
    public static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, cacheControl: String = "no-store"
    ) throws -> Response {
        .bytes(
            try BrightJSON.encode(value), contentType: "application/json; charset=utf-8", status: status,
            cacheControl: cacheControl)
    }

    public static func bytes(
        _ bytes: [UInt8], contentType: String, status: HTTPResponse.Status = .ok, cacheControl: String = "no-store"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: contentType, .cacheControl: cacheControl],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    public static func noContent() -> Response {
        Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    /// 303 to a path on this site: what a successful form post answers. A path that leaves the site is replaced by `/`.
    public static func seeOther(_ path: String) -> Response {
        Response(
            status: .seeOther,
            headers: [.location: WellFormed.isLocalPath(path) ? path : "/", .cacheControl: "no-store"])
    }
}
