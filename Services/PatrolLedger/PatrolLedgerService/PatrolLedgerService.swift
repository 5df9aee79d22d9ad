import Access
import ArgumentParser
import Contracts
import Foundation
import Journal
import Postgres
import ServiceKit
import ServiceLifecycle

/// Patrols, evidence, problems and the numbered ledger (art 7, 10). The one file that puts the parts together.
public struct PatrolLedgerService: BrightService {
    public typealias Settings = PatrolLedgerSettings

    public static let description = ServiceDescription(
        name: "patrol-ledger", schema: "patrol_ledger", pathPrefix: "/patrol",
        migrations: [Migration(name: "V001_init", bytes: PackageResources.V001_init_sql)], bundle: .module,
        openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static func settings(_ reader: SettingsReader) -> PatrolLedgerSettings { .read(reader) }
    public static var commands: [any ParsableCommand.Type] { [VerifyEvidenceCommand.self] }

    /// Evidence files and ledger entries are hashed again.
    public static func ownFailures(
        _ runtime: ServiceRuntime, _ settings: PatrolLedgerSettings
    ) async throws -> [String] {
        let vault = try EvidenceVault(root: URL(fileURLWithPath: settings.evidenceDirectory, isDirectory: true))
        return try await EvidenceVerifier(pool: runtime.pool, vault: vault).verify().failures.map(\.description)
    }

    let runtime: ServiceRuntime
    let desk: PatrolDesk
    let weekCloser: WeekCloser

    public init(runtime: ServiceRuntime, settings: PatrolLedgerSettings) async throws {
        self.runtime = runtime
        let rules = try settings.rules()
        let calendar = try settings.calendar()
        let ffmpeg = FFmpeg(executable: settings.ffmpeg)
        desk = PatrolDesk(
            pool: runtime.pool, clock: runtime.clock, rules: rules, checklist: try .builtIn(), calendar: calendar,
            capture: StreamCapture(
                liveDirectory: URL(fileURLWithPath: settings.liveDirectory, isDirectory: true), ffmpeg: ffmpeg,
                clock: runtime.clock),
            photographs: PhotographIntake(ffmpeg: ffmpeg),
            vault: try EvidenceVault(root: URL(fileURLWithPath: settings.evidenceDirectory, isDirectory: true)))
        weekCloser = WeekCloser(
            pool: runtime.pool, clock: runtime.clock, rules: rules, calendar: calendar, logger: runtime.logger)
    }

    public func routes(_ routes: Routes) {
        let commands = CommandRunner(desk: desk, idempotency: runtime.idempotency)
        let models = PageModels(pages: runtime.pages, desk: desk)
        let evidence = EvidenceRoutes(desk: desk, commands: commands)
        HomePage(desk: desk, models: models).declare(routes)
        NewPatrolPage(desk: desk, commands: commands, models: models).declare(routes)
        PatrolPage(desk: desk, commands: commands, models: models).declare(routes)
        ZonePage(desk: desk, commands: commands, models: models).declare(routes)
        ProblemPages(desk: desk, commands: commands, models: models).declare(routes)
        LedgerPages(desk: desk, models: models).declare(routes)
        evidence.declareFiles(routes)
        let api = routes.group("/api/v1")
        PatrolAPI(desk: desk, commands: commands).declare(api)
        ProblemAPI(desk: desk, commands: commands).declare(api)
        evidence.declareAPI(api)
    }

    public var subscriptions: [Subscription] { PatrolSubscriptions.all + [.feedbackConfirmed(desk)] }
    public var backgroundServices: [any Service] { [weekCloser] }
}
