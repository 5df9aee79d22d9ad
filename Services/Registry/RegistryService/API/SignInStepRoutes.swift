import Access
import Attachments
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The pages between password and session: code, setting up the authenticator, new password.
struct SignInStepRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let signIn: SignIn
    private let cookies: SessionCookies

    init(runtime: ServiceRuntime, signIn: SignIn) {
        self.runtime = runtime
        self.signIn = signIn
        cookies = SessionCookies(isSecure: runtime.configuration.cookieSecure)
    }

    func declare(_ routes: Routes) {
        let small = RouteOptions(bodyLimit: 16_384)
        routes.get("/login/code", .public) { try await show(.code, $0, $1) }
        routes.post("/login/code", .public, options: small, use: enterCode)
        routes.get("/login/enrol", .public) { try await show(.enrol, $0, $1) }
        routes.post("/login/enrol", .public, options: small, use: enrol)
        routes.post("/login/continue", .public, options: small, use: proceed)
        routes.get("/login/password", .public) { try await show(.password, $0, $1) }
        routes.post("/login/password", .public, options: small, use: replacePassword)
    }

    private func token(_ request: Request) -> String? { request.cookies[SessionCookies.pending]?.value }

    private struct Model {
        let alert: String?
        let action: String
        let explanation: String
        let secret: String?
        let uri: String?
        /// The link as a QR code, drawn here: the secret is told to no other host.
        let picture: String?
        let fields: [FormField]
        let submit: String
        let hint: String?
    }

    private func show(
        _ step: SignInStep, _ request: Request, _ context: BrightContext, alert: Problem? = nil
    ) async throws -> Response {
        let waiting: PendingSignInStore.Pending
        do {
            waiting = try await signIn.unfinished(token(request), now: context.now)
        } catch is SignInRefusal {
            return .seeOther("/registry/login?again=1")
        }
        let open: SignInStep =
            waiting.hasSecondFactor ? .password : waiting.enrolment == nil ? .code : .enrol
        guard open == step else { return .seeOther(open.path) }
        let pages = runtime.pages
        let secret = step == .enrol ? waiting.enrolment : nil
        let model = Model(
            alert: alert?.detail[context.language], action: step.path,
            explanation: pages.text("login_\(step.rawValue).text", context),
            secret: secret.map { SecretText.grouped($0.base32) },
            uri: secret?.uri(issuer: pages.text("product.name", context), account: waiting.login),
            picture: secret.flatMap { Self.drawing($0, waiting.login, pages.text("login_enrol.qr", context)) },
            fields: fields(step, waiting, context), submit: pages.text("login_\(step.rawValue).submit", context),
            hint: pages.text("login_\(step.rawValue).hint", context))
        var response = try pages.render(
            "login-step", context, PageMeta(title: pages.text("login_\(step.rawValue).title", context)), model: model,
            status: alert?.status ?? .ok)
        for (name, value) in alert?.headers ?? [:] { response.headers[.named(name)] = value }
        return response
    }

    /// With a short name of the issuer, so that the link fits into a code that a telephone reads from a screen.
    private static func drawing(_ secret: OneTimePassword, _ login: String, _ title: String) -> String? {
        QRCode(secret.uri(issuer: "BrightKitchen", account: login)).map {
            "data:image/svg+xml;base64,\(Data($0.svg(title: title).utf8).base64EncodedString())"
        }
    }

    private func fields(
        _ step: SignInStep, _ waiting: PendingSignInStore.Pending, _ context: BrightContext
    ) -> [FormField] {
        let pages = runtime.pages
        switch step {
        case .code, .enrol:
            return [
                FormField(
                    "code", label: pages.text("login_code.code", context), maximum: 20,
                    autocomplete: "one-time-code")
            ]
        case .password:
            return ["password", "repeat"].map {
                FormField(
                    $0, label: pages.text("login_password.\($0)", context), type: "password", maximum: 200,
                    autocomplete: "new-password")
            }
        }
    }

    @Sendable private func enterCode(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            return cookies.answer(
                try await signIn.enterCode(
                    form.optional("code") ?? "", token(request), request.visit, now: context.now, context))
        } catch let refusal as SignInRefusal {
            return try await refused(refusal, .code, request, context)
        }
    }

    private struct RecoveryModel {
        let codes: [String]
        let action: String
    }

    @Sendable private func enrol(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            let codes = try await signIn.confirmEnrolment(
                form.optional("code") ?? "", token(request), request.visit, now: context.now, context)
            return try runtime.pages.render(
                "recovery-codes", context, PageMeta(title: runtime.pages.text("recovery.title", context)),
                model: RecoveryModel(codes: codes, action: "/registry/login/continue"))
        } catch let refusal as SignInRefusal {
            return try await refused(refusal, .enrol, request, context)
        }
    }

    @Sendable private func proceed(_ request: Request, _ context: BrightContext) async throws -> Response {
        do {
            return cookies.answer(
                try await signIn.proceed(token(request), request.visit, now: context.now, context))
        } catch is SignInRefusal {
            return .seeOther("/registry/login?again=1")
        }
    }

    @Sendable private func replacePassword(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            let password = try NewPassword.read(form)
            return cookies.answer(
                try await signIn.replacePassword(
                    password, token(request), request.visit, now: context.now, context))
        } catch let refusal as SignInRefusal {
            return try await refused(refusal, .password, request, context)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await show(.password, request, context, alert: problem)
        }
    }

    private func refused(
        _ refusal: SignInRefusal, _ step: SignInStep, _ request: Request, _ context: BrightContext
    ) async throws -> Response {
        try await show(step, request, context, alert: refusal.problem)
    }
}
