import Access
import HTTPTypes
import Hummingbird

/// Double-submit check: the cookie `bk_csrf` must come back as the field `_csrf` or the header `X-CSRF-Token`.
enum CSRF {
    static let field = "_csrf"

    /// The request with its body collected if it was a form. Requests with `Authorization: Bearer`, and requests that
    /// carry no cookie of ours and no form, are none of a browser's making and pass.
    static func check(_ request: Request, _ context: BrightContext) async throws -> Request {
        guard context.credential != .bearer else { return request }
        if request.headers[.secFetchSite] == "cross-site" { throw refused }
        let isForm = FormData.isForm(request)
        guard isForm || hasOurCookie(request) else { return request }
        guard let expected = request.cookies[CookieName.csrf]?.value, !expected.isEmpty else { throw refused }
        if let header = request.headers[.csrfToken] {
            guard constantTimeEquals(header, expected) else { throw refused }
            return request
        }
        guard isForm else { throw refused }
        var request = request
        let body = try await request.collectBody(upTo: context.bodyLimit)
        let form = try FormData(body: body, contentType: request.headers[.contentType])
        guard let given = form.optional(field), constantTimeEquals(given, expected) else { throw refused }
        return request
    }

    private static func hasOurCookie(_ request: Request) -> Bool {
        [CookieName.token, CookieName.session, CookieName.parent].contains { request.cookies[$0] != nil }
    }

    static let refused = Problem(
        .forbidden, code: "csrf",
        detail: LocalizedText(
            zh: "页面已过期，请刷新页面后重新提交。", en: "This page has expired. Please reload it and submit again."))
}
