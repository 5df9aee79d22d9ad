import Delivery
import ServiceKit

extension Federation {
    /// The operator names the provider, so it may lie on the government's private network; plain http in the local stack
    /// only.
    init(provider: RegistrySettings.Provider, _ runtime: ServiceRuntime) throws {
        let allowed = ["0.0.0.0/0", "::/0"].compactMap { Subnet($0) }
        let http = try HTTPClient(
            HTTPClientConfiguration(
                addressPolicy: AddressPolicy(allowedSubnets: allowed),
                allowsPlainHTTP: runtime.configuration.mode == .local, deadline: .seconds(10),
                maximumResponseBytes: 256 * 1024, maximumConnections: 8), logger: runtime.logger)
        self.init(
            FederationSettings(
                issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret,
                publicBaseURL: runtime.configuration.publicBaseURL,
                providesSecondFactor: provider.providesSecondFactor), http: http, clock: runtime.clock)
    }
}
