import HTTPTypes
import Hummingbird
import ServiceKit

/// Answers of the open interface: conditional, readable from every site, licence stated.
enum OpenDataAnswer {
    /// Creative Commons Attribution 4.0: use it for anything, name the source.
    static let licence = "https://creativecommons.org/licenses/by/4.0/"

    static func json(_ value: some Encodable, _ request: Request) throws -> Response {
        bytes(try BrightJSON.encode(value), "application/json; charset=utf-8", request)
    }

    static func bytes(
        _ bytes: [UInt8], _ contentType: String, _ request: Request, tag known: String? = nil
    ) -> Response {
        let tag = known ?? EntityTag.ofContent(bytes)
        if EntityTag.isCurrent(tag, request) { return opened(EntityTag.notModified(tag)) }
        var response = Response.bytes(bytes, contentType: contentType, cacheControl: EntityTag.cacheControl)
        response.headers[.eTag] = tag
        return opened(response)
    }

    /// Nothing here is secret or personal: scripts of every site may read it.
    static func opened(_ response: Response) -> Response {
        var response = response
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.named("Cross-Origin-Resource-Policy")] = "cross-origin"
        response.headers[.named("Link")] = "<\(licence)>; rel=\"license\""
        return response
    }

    static func wantsCSV(_ query: OpenDataQuery, _ request: Request) throws -> Bool {
        switch query["format"] {
        case nil: return request.headers[.accept]?.lowercased().hasPrefix("text/csv") ?? false
        case "csv": return true
        case "json": return false
        default:
            throw Problem.invalid(
                "format", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: "json, csv")
        }
    }
}
