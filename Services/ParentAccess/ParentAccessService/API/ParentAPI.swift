import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// The representatives' JSON interface: log-in, own cameras, own views, own data, erasure.
struct ParentAPI: Sendable {
    let accounts: ParentAccounts
    let queries: SchoolQueries
    let live: LiveState
    let cookieSecure: Bool

    func declare(_ routes: Routes) {
        let group = routes.group("/v1")
        group.post("/invitations/code", .public, use: sendCode)
        group.post("/invitations/accept", .public, use: accept)
        group.post("/login", .public, use: logIn)
        group.post("/logout", .public, use: logOut)
        group.get("/me", .representative, use: me)
        group.delete("/me", .representative, use: erase)
        group.get("/me/views", .representative, use: views)
        group.get("/me/data", .representative, options: .viewed, use: data)
    }

    struct Acceptance: Decodable, Sendable {
        let token: String
        let password: String
        let consentVersion: String
        let mobileNumber: String
        /// From `POST /parent/v1/invitations/code`.
        let code: String
    }

    struct CodeWish: Decodable, Sendable {
        let token: String
        let mobileNumber: String
    }

    struct CodeSent: Encodable, Sendable {
        let expiresAt: Instant
    }

    struct Credentials: Decodable, Sendable {
        let accountNumber: String
        let password: String
    }

    struct CameraAnswer: Encodable, Sendable {
        let cameraId: CameraID
        let name: String
        let zone: ZoneCode
        let mayWatch: Bool
        let until: Instant?
        let refusal: String?
    }

    struct Me: Encodable, Sendable {
        let accountNumber: String
        let schoolId: SchoolID
        let schoolName: String?
        let state: AccountState
        let expiresAt: Instant
        let cameras: [CameraAnswer]
    }

    struct OwnData: Encodable, Sendable {
        struct Consent: Encodable, Sendable {
            let version: String
            let acceptedAt: Instant
        }
        let accountNumber: String
        let label: String?
        let mobileNumber: String?
        let consents: [Consent]
        let grants: [GrantAnswer]
        let views: [ViewAnswer]
        let viewsTotal: Int
    }

    @Sendable func accept(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try await request.json(Acceptance.self, context)
        guard let token = SecretToken(received: wanted.token) else { throw Problem.notFound }
        guard wanted.consentVersion == Consent.currentVersion else {
            throw Problem.invalid(
                "consent_version", code: "consent_missing", zh: "请同意当前版本的使用约定。",
                en: "Please accept the current terms.", allowed: Consent.currentVersion)
        }
        let account = try await accounts.accept(
            token, password: try PersonFields.password(wanted.password),
            mobileNumber: try PersonFields.requiredMobileNumber(wanted.mobileNumber),
            code: try PersonFields.code(wanted.code), consentVersion: wanted.consentVersion
        ) { context.eventContext(actor: $0) }
        return try Response.json(["account_number": account.accountNumber], status: .created)
    }

    @Sendable func sendCode(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try await request.json(CodeWish.self, context)
        guard let token = SecretToken(received: wanted.token) else { throw Problem.notFound }
        let number = try PersonFields.requiredMobileNumber(wanted.mobileNumber)
        return try Response.json(
            CodeSent(expiresAt: try await accounts.sendCode(token, to: number)), status: .created)
    }

    @Sendable func logIn(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try await request.json(Credentials.self, context)
        guard let number = AccountNumber.normalised(wanted.accountNumber) else { throw ParentAccounts.wrongPassword }
        let token = try await accounts.logIn(accountNumber: number, password: wanted.password) {
            context.eventContext(actor: $0)
        }
        return Response.noContent().signedIn(token, secure: cookieSecure)
    }

    @Sendable func logOut(_ request: Request, _ context: BrightContext) async throws -> Response {
        if let hash = request.parentLoginHash { try await accounts.logOut(hash) }
        return Response.noContent()
    }

    @Sendable func me(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, grants) = try context.representative(live, request)
        let viewer = Viewer.representative(account, grants: grants)
        let cameras = live.cameras(named: grants, of: account.schoolId, at: context.now).map { camera in
            let decision = live.decide(viewer, camera: camera.cameraId, now: context.now)
            switch decision {
            case .allowed(let until, _):
                return CameraAnswer(
                    cameraId: camera.cameraId, name: camera.name, zone: camera.zone, mayWatch: true, until: until,
                    refusal: nil)
            case .refused(let refusal):
                return CameraAnswer(
                    cameraId: camera.cameraId, name: camera.name, zone: camera.zone, mayWatch: false, until: nil,
                    refusal: refusal.rawValue)
            }
        }
        return try Response.json(
            Me(
                accountNumber: account.accountNumber, schoolId: account.schoolId,
                schoolName: live.canteens(of: account.schoolId).first?.schoolName, state: account.state,
                expiresAt: account.expiresAt, cameras: cameras))
    }

    @Sendable func views(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        let page = try await queries.views(of: .representative(account.representativeId), PageRequest(request))
        return try Response.json(page.map { ViewAnswer($0) })
    }

    /// All that is stored about the person (PIPL art 45), as a file. Views: the latest 200 and their number.
    @Sendable func data(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, grants) = try context.representative(live, request)
        let id = account.representativeId
        let person = try await queries.person(id)
        let views = try await queries.views(of: .representative(id), PageRequest(size: PageRequest.maximumSize))
        var response = try Response.json(
            OwnData(
                accountNumber: account.accountNumber, label: person?.label, mobileNumber: person?.mobileNumber,
                consents: try await queries.consents(id).map { .init(version: $0.version, acceptedAt: $0.acceptedAt) },
                grants: grants.map(GrantAnswer.init), views: views.items.map(ViewAnswer.init), viewsTotal: views.total))
        response.headers[.contentDisposition] = "attachment; filename=\"my-data.json\""
        return response
    }

    @Sendable func erase(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (account, _) = try context.representative(live, request)
        try await accounts.erase(account.representativeId, school: account.schoolId, context.eventContext())
        return Response.noContent()
    }
}
