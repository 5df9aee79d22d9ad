import Foundation
import Journal
import Postgres
import ServiceKit

/// What the public may know: licences, publication, problems and their end. Open to everybody, without an account.
public struct DisclosureService: BrightService {
    public static let description = ServiceDescription(
        name: "disclosure", schema: "disclosure", pathPrefix: "/disclosure",
        migrations: [Migration(name: "V001_init", bytes: PackageResources.V001_init_sql)], bundle: .module,
        openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    private let runtime: ServiceRuntime

    public init(runtime: ServiceRuntime, settings: NoSettings) async throws {
        self.runtime = runtime
    }

    public func routes(_ routes: Routes) {
        PortalRoutes(runtime: runtime).declare(routes)
        PublicAPIRoutes(runtime: runtime).declare(routes)
    }

    public var subscriptions: [Subscription] {
        RegistryConsumers(licences: LicencePublisher(clock: runtime.clock)).subscriptions
            + PatrolConsumers().subscriptions
    }
}
