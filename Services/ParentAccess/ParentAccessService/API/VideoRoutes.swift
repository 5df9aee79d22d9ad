import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import ServiceKit

/// `/video/*`: tickets, starts and sessions for every kind of viewer.
struct VideoRoutes: Sendable {
    let door: VideoDoor
    let live: LiveState
    let refresher: LiveRefresher
    let pages: Pages

    func declare(_ routes: Routes) {
        routes.get("/open/{camera}", .signedIn, options: .viewed, use: open)
        routes.post("/tickets", .signedIn, use: ticket)
        routes.get("/start/{ticket}", .signedIn, options: .viewed, use: start)
        routes.get("/sessions/{id}", .signedIn, use: session)
        routes.post("/sessions/{id}/end", .signedIn, use: end)
    }

    /// What `<video src>` points to: a ticket and on to its start, so that a page needs no script.
    @Sendable func open(_ request: Request, _ context: BrightContext) async throws -> Response {
        let issued = try await issue(
            camera: context.id("camera"), reason: request.query("reason"), reference: request.query("ref"), request,
            context)
        return Response.seeOther("/video/start/\(issued.token.text)")
    }

    @Sendable func ticket(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try await request.json(WantedTicket.self, context)
        guard WellFormed.isIdentifier(wanted.cameraId.rawValue) else { throw Problem.notFound }
        let issued = try await issue(
            camera: wanted.cameraId, reason: wanted.reason, reference: wanted.reference, request, context)
        return try Response.json(
            IssuedTicket(startUrl: "/video/start/\(issued.token.text)", expiresAt: issued.expiresAt), status: .created)
    }

    @Sendable func start(_ request: Request, _ context: BrightContext) async throws -> Response {
        do {
            // What is no ticket at all is not worth a record.
            guard let ticket = SecretToken(received: context.parameters.get("ticket") ?? "") else {
                throw ViewRefusal.ticketInvalid
            }
            let session = try await door.start(
                ticket, by: asker(request, context),
                context.eventContext())
            return Response.seeOther(VideoPath.text(session.sessionId, session.cameraId))
        } catch let refusal as ViewRefusal {
            throw refusal.problem
        }
    }

    /// The state of one's own session; `current?camera=` finds the newest of a camera. Asking renews it.
    @Sendable func session(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: ViewSessionID.self)
        let session: ViewSession?
        if id.rawValue == "current" {
            guard let camera = try request.query("camera"), WellFormed.isIdentifier(camera) else {
                throw Problem.notFound
            }
            let viewer = try asker(request, context).identity
            session = try await known { live.newestSession(of: viewer, camera: CameraID(camera)) }
        } else {
            session = try await known { live.session(id) }
        }
        guard let session, session.viewer == (try asker(request, context)).identity else { throw Problem.notFound }
        let renewed = live.renew(session.sessionId, now: context.now) ?? session
        if renewed.expiresAt > session.expiresAt { try await door.writeDownRenewal(of: renewed, before: session) }
        return try Response.json(state(of: renewed, context))
    }

    @Sendable func end(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id = try context.id("id", as: ViewSessionID.self)
        let session = try await known { live.session(id) }
        guard let session, session.viewer == (try asker(request, context)).identity else { throw Problem.notFound }
        _ = try await door.end(session, by: .closedByViewer, context.eventContext())
        return Response.noContent()
    }

    // MARK: parts

    /// What this replica knows or, when another one may have begun it a moment ago, what the database knows.
    private func known(_ session: () -> ViewSession?) async throws -> ViewSession? {
        if let session = session() { return session }
        try await refresher.refresh()
        return session()
    }

    private func issue(
        camera: CameraID, reason: String?, reference: String?, _ request: Request, _ context: BrightContext
    ) async throws -> (token: SecretToken, expiresAt: Instant) {
        let asker = try asker(request, context)
        // Representatives give no reason; what they send is not looked at.
        let stated = asker.isRepresentative ? nil : reason
        guard stated == nil || stated.flatMap(ViewReason.init) != nil else { throw ViewRefusal.reasonMissing.problem }
        if let reference, !WellFormed.isIdentifier(reference) {
            throw Problem.invalid(
                "ref", code: "not_an_id", zh: "编号格式不正确。", en: "This is not an id.", allowed: "A–Z a–z 0–9 - _ .")
        }
        do {
            return try await door.issue(
                camera: camera, reason: stated.flatMap(ViewReason.init), reference: reference, to: asker,
                context.eventContext())
        } catch let refusal as ViewRefusal {
            throw refusal.problem
        }
    }

    private func asker(_ request: Request, _ context: BrightContext) throws -> VideoAsker {
        let principal = try context.requirePrincipal()
        guard principal.role == .parentRepresentative else { return VideoAsker(principal: principal, loginHash: nil) }
        let account = live.account(RepresentativeID(principal.personId.rawValue))
        return VideoAsker(
            principal: principal, loginHash: request.parentLoginHash, isGuest: account?.kind == .guest)
    }

    private func state(of session: ViewSession, _ context: BrightContext) -> SessionState {
        let watermark = WatermarkText(live: live, pages: pages)
        return SessionState(
            sessionId: session.sessionId, cameraId: session.cameraId, state: session.ended == nil ? "running" : "ended",
            endedBy: session.ended, message: session.ended.map { pages.label($0, context) },
            watermark: watermark.text(context, school: session.schoolId), expiresAt: session.expiresAt,
            allowedUntil: session.allowedUntil, serverTime: context.now)
    }
}
