import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// Passkeys: registering one on the own account, and signing in with one instead of password and code. The device has
/// asked for finger, face or PIN, so that it counts as two factors.
struct PasskeyRoutes: Sendable {
    /// A person may have this many.
    static let most = 20
    private static let lifetime: Duration = .seconds(300)

    let runtime: ServiceRuntime
    let signIn: SignIn
    let webAuthn: WebAuthn

    func declare(_ routes: Routes) {
        let small = RouteOptions(bodyLimit: 32_768)
        routes.post("/account/passkeys/options", .signedIn, options: small, use: registrationOptions)
        routes.post("/account/passkeys", .signedIn, options: small, use: register)
        routes.post("/account/passkeys/{id}/remove", .signedIn, options: small, use: remove)
        routes.post("/login/passkey/options", .public, options: small, use: signInOptions)
        routes.post("/login/passkey", .public, options: small, use: enter)
    }

    private struct RegistrationOptions: Encodable {
        let challenge: String
        let rpId: String
        let userId: String
        let userName: String
        let exclude: [String]
    }

    @Sendable private func registrationOptions(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        guard let login = try await AccountStore.login(person, runtime.pool) else { throw Problem.notFound }
        let challenge = RandomToken.bytes(32)
        try await PasskeyStore.challenge(challenge, for: person, until: context.now + Self.lifetime, runtime.pool)
        let known = try await PasskeyStore.list(person, runtime.pool)
        return try .json(
            RegistrationOptions(
                challenge: Base64URL.encode(challenge), rpId: webAuthn.site,
                userId: Base64URL.encode(Array(person.rawValue.utf8)), userName: login,
                exclude: known.map { Base64URL.encode($0.credentialId) }))
    }

    private struct NewPasskey: Decodable {
        let clientDataJson: String
        let attestationObject: String
        let name: String?
    }

    @Sendable private func register(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        let command = try await request.json(NewPasskey.self, context)
        let clientData = try Self.decoded(command.clientDataJson, "client_data_json")
        let attestation = try Self.decoded(command.attestationObject, "attestation_object")
        let name = command.name ?? ClientAgent.label(request.headers[.userAgent]) ?? "passkey"
        guard (1...60).contains(name.count), WellFormed.isText(name) else {
            throw Problem.invalid(
                "name", code: "wrong_value", zh: "名称最多 60 个字。", en: "A name has at most 60 characters.",
                allowed: "1…60")
        }
        try await runtime.pool.transaction { transaction in
            let registration: WebAuthn.Registration
            do {
                let challenge = try WebAuthn.challenge(of: clientData)
                guard try await PasskeyStore.take(challenge, for: person, now: context.now, transaction) else {
                    throw WebAuthn.Refusal.wrongChallenge
                }
                registration = try webAuthn.register(
                    clientDataJSON: clientData, attestationObject: attestation, challenge: challenge)
            } catch let refusal as WebAuthn.Refusal {
                throw Self.problem(refusal)
            }
            guard try await PasskeyStore.list(person, transaction).count < Self.most else {
                throw Problem.conflict(
                    code: "too_many_passkeys", zh: "最多 \(Self.most) 个通行密钥。",
                    en: "An account has at most \(Self.most) passkeys.")
            }
            guard
                try await PasskeyStore.insert(
                    id: registration.credentialId, person: person, name: name, publicKey: registration.publicKey,
                    signCount: registration.signCount, now: context.now, transaction)
            else {
                throw Problem.conflict(
                    code: "passkey_known", zh: "该通行密钥已登记。", en: "This passkey is registered already.")
            }
            try await transaction.record(
                SignIn.type("passkey-added"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: "passkey"), try context.eventContext(), occurredAt: context.now)
        }
        return Response(status: .created, headers: [.cacheControl: "no-store"])
    }

    @Sendable private func remove(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        guard let id = context.parameters.get("id").flatMap(Base64URL.decode) else { throw Problem.notFound }
        try await runtime.pool.transaction { transaction in
            guard try await PasskeyStore.remove(id, of: person, transaction) else { throw Problem.notFound }
            try await transaction.record(
                SignIn.type("passkey-removed"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: "passkey"), try context.eventContext(), occurredAt: context.now)
        }
        return .seeOther("/registry/account")
    }

    private struct SignInOptions: Encodable {
        let challenge: String
        let rpId: String
    }

    /// The same for everybody: which accounts have passkeys is not told.
    @Sendable private func signInOptions(_ request: Request, _ context: BrightContext) async throws -> Response {
        let challenge = RandomToken.bytes(32)
        try await PasskeyStore.challenge(challenge, for: nil, until: context.now + Self.lifetime, runtime.pool)
        return try .json(SignInOptions(challenge: Base64URL.encode(challenge), rpId: webAuthn.site))
    }

    private struct Assertion: Decodable {
        let credentialId: String
        let clientDataJson: String
        let authenticatorData: String
        let signature: String
        let returnPath: String?
    }

    private struct Entered: Encodable {
        let location: String
    }

    @Sendable private func enter(_ request: Request, _ context: BrightContext) async throws -> Response {
        let assertion = try await request.json(Assertion.self, context)
        let credentialId = try Self.decoded(assertion.credentialId, "credential_id")
        let clientData = try Self.decoded(assertion.clientDataJson, "client_data_json")
        let authenticatorData = try Self.decoded(assertion.authenticatorData, "authenticator_data")
        let signature = try Self.decoded(assertion.signature, "signature")
        do {
            // Whoever tries many is slowed down as with passwords.
            try await signIn.count(
                login: "passkey:\(assertion.credentialId.prefix(64))", request.visit, now: context.now)
            let person = try await runtime.pool.transaction { transaction -> PersonID? in
                let challenge = try WebAuthn.challenge(of: clientData)
                guard try await PasskeyStore.take(challenge, for: nil, now: context.now, transaction),
                    let passkey = try await PasskeyStore.find(credentialId, transaction)
                else { return nil }
                do {
                    let count = try webAuthn.authenticate(
                        clientDataJSON: clientData, authenticatorData: authenticatorData, signature: signature,
                        challenge: challenge, publicKey: passkey.publicKey, signCount: passkey.signCount)
                    try await PasskeyStore.used(credentialId, signCount: count, now: context.now, transaction)
                    return passkey.person
                } catch is WebAuthn.Refusal {
                    // The challenge stays used up.
                    return nil
                }
            }
            guard let person else {
                try await signIn.noteRefusal("passkey-refused", nil, context.now, context)
                throw SignInRefusal.wrongCredentials
            }
            let signedIn = try await signIn.finish(
                person, "passkey:\(assertion.credentialId.prefix(64))", request.visit,
                returnPath: ReturnPath.checked(assertion.returnPath), method: "passkey", now: context.now, context)
            let cookies = SessionCookies(isSecure: runtime.configuration.cookieSecure)
            let entered = cookies.enter(signedIn)
            var response = try Response.json(Entered(location: entered.headers[.location] ?? "/"))
            for cookie in entered.headers[values: .setCookie] {
                response.headers.append(HTTPField(name: .setCookie, value: cookie))
            }
            return response
        } catch let refusal as SignInRefusal {
            throw refusal.problem
        } catch let refusal as WebAuthn.Refusal {
            throw Self.problem(refusal)
        }
    }

    private static func decoded(_ text: String, _ field: String) throws -> [UInt8] {
        guard let bytes = Base64URL.decode(text), !bytes.isEmpty else {
            throw Problem.invalid(
                field, code: "not_base64url", zh: "格式不正确。", en: "This is not base64url.", allowed: "base64url")
        }
        return bytes
    }

    private static func problem(_ refusal: WebAuthn.Refusal) -> Problem {
        Problem(
            .unprocessableContent, code: "passkey_refused",
            detail: LocalizedText(zh: "通行密钥没有通过验证。", en: "The passkey was not accepted (\(refusal))."))
    }
}
