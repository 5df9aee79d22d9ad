import Access
import ArgumentParser
import Foundation
import Journal
import PersonalData
import Postgres
import ServiceKit
import ServiceLifecycle

/// Every organ, institution, canteen, camera and account of the city. What it knows comes from imports,
/// the JSON interface, people, and what camera platforms report.
public struct RegistryService: BrightService {
    public typealias Settings = RegistrySettings

    public static let description = ServiceDescription(
        name: "registry", schema: "registry", pathPrefix: "/registry", migrations: RegistryMigrations.all,
        bundle: .module, openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static var sealedColumns: [SealedColumn] {
        [PersonName.column, SecondFactorStore.column, DutyPersonName.column]
    }

    public static func settings(_ reader: SettingsReader) -> RegistrySettings { .read(reader) }

    public static var commands: [any ParsableCommand.Type] {
        [
            ImportCommand.self, ExportCommand.self, SetPasswordCommand.self, CalendarCommand.self,
            SimulateTelemetryCommand.self,
        ]
    }

    /// The registry is its own source of keys.
    public static func jwksSource(_ settings: RegistrySettings) async throws -> (any JWKSSource)? {
        StaticJWKS(json: try await TokenSigner(pem: settings.signingKey).jwks())
    }

    private let runtime: ServiceRuntime
    private let signer: TokenSigner
    private let signIn: SignIn
    private let federation: Federation?
    private let firstFrames: FirstFrameReview
    let telemetry: Telemetry
    private let trainingGate: TrainingGate
    private let access: AccessEvaluator

    public init(runtime: ServiceRuntime, settings: RegistrySettings) async throws {
        self.runtime = runtime
        signer = try await TokenSigner(pem: settings.signingKey)
        let trainingGate = TrainingGate(
            mode: settings.trainingGate, validDays: settings.trainingValidDays, pool: runtime.pool)
        self.trainingGate = trainingGate
        signIn = SignIn(
            pool: runtime.pool, hasher: PasswordHasher(), signer: signer, keys: runtime.personalDataKeys,
            policy: settings.passwordPolicy, tokens: runtime.tokens, training: trainingGate)
        federation = try settings.provider.map { try Federation(provider: $0, runtime) }
        firstFrames = FirstFrameReview(
            pool: runtime.pool, capture: FrameCapture(directory: settings.liveDirectory))
        telemetry = Telemetry(runtime: runtime, settings: settings.telemetry, liveDirectory: settings.liveDirectory)
        access = AccessEvaluator(rule: try AccessRule.builtIn(), calendars: CalendarSource())
    }

    public func routes(_ routes: Routes) {
        IdentityRoutes(runtime: runtime, signIn: signIn, signer: signer, federation: federation).declare(routes)
        CanteenRoutes(runtime: runtime).declare(routes)
        MasterRoutes(runtime: runtime, gate: trainingGate).declare(routes)
        MasterPages(runtime: runtime, gate: trainingGate).declare(routes)
        ReadRoutes(runtime: runtime).declare(routes)
        PeopleRoutes(runtime: runtime, validDays: trainingGate.validDays).declare(routes)
        TrainingRoutes(runtime: runtime, gate: trainingGate).declare(routes)
        CameraRoutes(runtime: runtime, review: firstFrames).declare(routes)
        AdministrationRoutes(runtime: runtime).declare(routes)
        StaffDataRoutes(data: StaffData(pool: runtime.pool, keys: runtime.personalDataKeys)).declare(routes)
        FaultRoutes(runtime: runtime, rules: telemetry.monitor.rules).declare(routes)
        OutageRoutes(runtime: runtime).declare(routes)
        CameraHistoryRoutes(runtime: runtime).declare(routes)
        RecordingRoutes(runtime: runtime).declare(routes)
        CoverageRoutes(runtime: runtime).declare(routes)
        AccessRoutes(runtime: runtime, evaluator: access).declare(routes)
        CameraPapersRoutes(runtime: runtime, rule: access.rule).declare(routes)
        DashboardRoutes(runtime: runtime, rule: access.rule).declare(routes)
        CalendarRoutes(runtime: runtime, evaluator: access).declare(routes)
    }

    public var inboundConsumers: [InboundConsumer] { [telemetry.consumer] }

    public var figures: [DomainFigure] { RegistryFigures.all }

    public var backgroundServices: [any Service] {
        [
            DailySweep(
                pool: runtime.pool, clock: runtime.clock, filings: FilingList(pool: runtime.pool, rule: access.rule),
                logger: runtime.logger),
            ContractSweep(pool: runtime.pool, clock: runtime.clock, logger: runtime.logger),
            AccessTimer(pool: runtime.pool, clock: runtime.clock, evaluator: access, logger: runtime.logger),
            telemetry.loop,
        ]
    }

    public var subscriptions: [Subscription] { DisclosureConsumer().subscriptions }
}
