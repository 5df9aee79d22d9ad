import Access
import ServiceKit

/// Everything about who somebody is: sign-in, own account, accounts, roles, programs.
struct IdentityRoutes: Sendable {
    let runtime: ServiceRuntime
    let signIn: SignIn
    let signer: TokenSigner
    let federation: Federation?

    func declare(_ routes: Routes) {
        SignInRoutes(runtime: runtime, signIn: signIn, signer: signer, federation: federation).declare(routes)
        SignInStepRoutes(runtime: runtime, signIn: signIn).declare(routes)
        AccountRoutes(runtime: runtime, signIn: signIn, isFederated: federation != nil).declare(routes)
        if let webAuthn = WebAuthn(origin: runtime.configuration.publicBaseURL) {
            PasskeyRoutes(runtime: runtime, signIn: signIn, webAuthn: webAuthn).declare(routes)
        }
        let approvals = Approvals(runtime, kinds: IdentityApprovals.kinds(signIn, runtime.pages))
        approvals.declare(routes)
        RoleRoutes(runtime: runtime, signIn: signIn, approvals: approvals).declare(routes)
        APIClientRoutes(runtime: runtime, signIn: signIn, approvals: approvals).declare(routes)
        APIClientDocuments(desk: APIClientDesk(runtime: runtime, signIn: signIn, approvals: approvals)).declare(routes)
        AccountAdministrationRoutes(runtime: runtime, signIn: signIn).declare(routes)
        OAuthRoutes(runtime: runtime, signIn: signIn).declare(routes)
        if let federation {
            FederationRoutes(runtime: runtime, signIn: signIn, federation: federation).declare(routes)
        }
    }
}
