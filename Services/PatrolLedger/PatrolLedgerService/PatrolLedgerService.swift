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
        migrations: [
            Migration(name: "V001_init", bytes: PackageResources.V001_init_sql),
            Migration(
                name: "V010_evidence_and_problems", bytes: PackageResources.V010_evidence_and_problems_sql),
            Migration(name: "V011_witnesses", bytes: PackageResources.V011_witnesses_sql),
            Migration(name: "V012_draws", bytes: PackageResources.V012_draws_sql),
            Migration(name: "V030_self_checks", bytes: PackageResources.V030_self_checks_sql),
            Migration(name: "V031_assessment", bytes: PackageResources.V031_assessment_sql),
            Migration(name: "V040_rules", bytes: PackageResources.V040_rules_sql),
            Migration(name: "V041_alerts", bytes: PackageResources.V041_alerts_sql),
            Migration(name: "V042_playback", bytes: PackageResources.V042_playback_sql),
            Migration(name: "V050_storage", bytes: PackageResources.V050_storage_sql),
            Migration(name: "V051_facts", bytes: PackageResources.V051_facts_sql),
            Migration(name: "V052_alert_evidence", bytes: PackageResources.V052_alert_evidence_sql),
            Migration(name: "V055_licence_optional", bytes: PackageResources.V055_licence_optional_sql),
        ], bundle: .module,
        openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static func settings(_ reader: SettingsReader) -> PatrolLedgerSettings { .read(reader) }
    public static var commands: [any ParsableCommand.Type] {
        [
            VerifyEvidenceCommand.self, VerifyExportCommand.self, CopyEvidenceCommand.self, WitnessCommand.self,
            SimulateAlertsCommand.self, VoidNumbersCommand.self,
        ]
    }

    /// Evidence files and ledger entries are hashed again.
    public static func ownFailures(
        _ runtime: ServiceRuntime, _ settings: PatrolLedgerSettings
    ) async throws -> [String] {
        let vault = try settings.vault(runtime)
        return try await EvidenceVerifier(pool: runtime.pool, vault: vault, clock: runtime.clock).verify().failures.map(
            \.description)
    }

    let runtime: ServiceRuntime
    let desk: PatrolDesk
    let weekCloser: WeekCloser
    let witnesses: WitnessBook
    let approvals: Approvals
    let alerts: AlertIntake

    public init(runtime: ServiceRuntime, settings: PatrolLedgerSettings) async throws {
        self.runtime = runtime
        witnesses = WitnessBook(keys: settings.witnessKeys)
        let vault = try settings.vault(runtime)
        let book = RuleBook(builtIn: try settings.rules())
        approvals = Approvals(runtime, kinds: [RuleApproval.make(book)])
        alerts = AlertIntake(
            pool: runtime.pool, clock: runtime.clock, codes: settings.alertCodes, vendors: settings.alertVendors,
            vault: vault, logger: runtime.logger)
        let calendar = try settings.calendar()
        let ffmpeg = FFmpeg(executable: settings.ffmpeg)
        desk = PatrolDesk(
            pool: runtime.pool, clock: runtime.clock, book: book, alertCodes: settings.alertCodes,
            checklist: try .builtIn(), calendar: calendar,
            capture: StreamCapture(
                liveDirectory: URL(fileURLWithPath: settings.liveDirectory, isDirectory: true), ffmpeg: ffmpeg,
                clock: runtime.clock),
            photographs: PhotographIntake(ffmpeg: ffmpeg),
            vault: vault, selfCheckRules: try .builtIn(), recordingDays: settings.recordingDays)
        weekCloser = WeekCloser(
            pool: runtime.pool, clock: runtime.clock, book: book, calendar: calendar, logger: runtime.logger)
    }

    public func routes(_ routes: Routes) {
        let commands = CommandRunner(desk: desk, idempotency: runtime.idempotency)
        let models = PageModels(pages: runtime.pages, desk: desk)
        let evidence = EvidenceRoutes(desk: desk, commands: commands)
        HomePage(desk: desk, models: models).declare(routes)
        NewPatrolPage(desk: desk, commands: commands, models: models).declare(routes)
        PatrolPage(desk: desk, commands: commands, models: models).declare(routes)
        ZonePage(desk: desk, commands: commands, models: models).declare(routes)
        let problems = ProblemPages(desk: desk, commands: commands, models: models)
        let keeping = EvidenceAPI(desk: desk, commands: commands, models: models)
        ReportPages(desk: desk, commands: commands, models: models).declare(routes)
        problems.declare(routes)
        ProblemDecisionPages(desk: desk, commands: commands, pages: problems).declare(routes)
        keeping.declarePages(routes)
        LedgerPages(desk: desk, models: models, book: witnesses).declare(routes)
        evidence.declareFiles(routes)
        let api = routes.group("/api/v1")
        PatrolAPI(desk: desk, commands: commands).declare(api)
        ProblemAPI(desk: desk, commands: commands).declare(api)
        ProblemDecisionAPI(desk: desk, commands: commands).declare(api)
        evidence.declareAPI(api)
        keeping.declareAPI(api)
        TransparencyAPI(desk: desk, book: witnesses).declare(api)
        DrawAPI(desk: desk, commands: commands).declare(api)
        let rules = RulePages(desk: desk, models: models, approvals: approvals)
        rules.declareAPI(api)
        rules.declare(routes)
        approvals.declare(routes)
        AlertAPI(desk: desk, commands: commands).declare(api)
        AlertPages(desk: desk, commands: commands, models: models).declare(routes)
        DrawPages(desk: desk, commands: commands, models: models).declare(routes)
        SelfCheckAPI(desk: desk, commands: commands).declare(api)
        SelfCheckPages(desk: desk, commands: commands, models: models).declare(routes)
        SelfCheckForm(desk: desk, commands: commands, models: models).declare(routes)
        SchoolPage(desk: desk, models: models).declare(routes)
        AssessmentAPI(desk: desk, commands: commands).declare(api)
        AssessmentPages(desk: desk, commands: commands, models: models).declare(routes)
    }

    public var subscriptions: [Subscription] { PatrolSubscriptions.all + [.feedbackConfirmed(desk)] }
    public var inboundConsumers: [InboundConsumer] {
        let alerts = alerts
        return [
            InboundConsumer(
                kafka: runtime.configuration.kafka, group: AlertIntake.group, topic: .deviceAlerts,
                logger: runtime.logger, handle: { records in try await alerts.take(records) })
        ]
    }
    public var readinessChecks: [ReadinessCheck] {
        [
            ReadinessCheck("rules") {
                guard desk.book.isLoaded else { throw NotReady("the approved rule versions are not read yet") }
                return desk.rules.id
            },
            ReadinessCheck("evidence storage") { try await desk.vault.storage.check() },
        ]
    }
    public var figures: [DomainFigure] { PatrolFigures.all }

    public var backgroundServices: [any Service] {
        [
            weekCloser, OverdueWatch(desk: desk, logger: runtime.logger),
            EvidenceNight(desk: desk, logger: runtime.logger),
            SelfCheckClock(desk: desk, logger: runtime.logger),
        ]
    }
}
