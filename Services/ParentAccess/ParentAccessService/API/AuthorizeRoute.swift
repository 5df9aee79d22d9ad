import HTTPTypes
import Hummingbird
import ServiceKit

/// `GET /internal/video/authorize`: nginx asks here before it serves a playlist or a segment. No database, except for a view that
/// this replica has not heard of yet.
///
/// In: `X-Original-URI` (raw request target of the client) and the client's cookies. Out: 204 with `X-Video-Path` (the
/// camera's folder), or 401/403 with `X-Video-Refusal` (the code). nginx turns everything else into an error.
struct AuthorizeRoute: Sendable {
    let live: LiveState
    let refresher: LiveRefresher

    private static let originalURI = HTTPField.Name.named("X-Original-URI")
    private static let videoPath = HTTPField.Name.named("X-Video-Path")
    private static let videoRefusal = HTTPField.Name.named("X-Video-Refusal")

    func declare(_ routes: Routes) {
        routes.get("/video/authorize", .internal, use: authorize)
    }

    @Sendable func authorize(_ request: Request, _ context: BrightContext) async throws -> Response {
        let staff = context.principal.flatMap { $0.role == .parentRepresentative ? nil : $0.personId }
        let uri = request.headers[Self.originalURI] ?? ""
        let hash = request.parentLoginHash
        var answer = live.authorize(originalURI: uri, loginHash: hash, person: staff, now: context.now)
        if answer == .refused(.sessionUnknown) {
            // Another replica may have begun it a moment ago. All who ask at once share one reading.
            try await refresher.refresh()
            answer = live.authorize(originalURI: uri, loginHash: hash, person: staff, now: context.now)
        }
        switch answer {
        case .allowed(let gbId):
            return Response(status: .noContent, headers: [Self.videoPath: gbId, .cacheControl: "no-store"])
        case .refused(let refusal):
            return Response(
                status: refusal == .notSignedIn ? .unauthorized : .forbidden,
                headers: [Self.videoRefusal: refusal.rawValue, .cacheControl: "no-store"])
        }
    }
}
