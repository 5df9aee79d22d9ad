import Access
import ArgumentParser
import Attachments
import Concurrency
import Delivery
import Foundation
import Journal
import PersonalData
import Postgres
import ServiceKit
import ServiceLifecycle

/// Tells the right bureau, officer and school in time: inboxes, bulletins, webhooks (art 4, 10, 13).
public struct NotificationService: BrightService {
    public struct Settings: Sendable {
        let values: NotificationSettings
    }

    public static let description = ServiceDescription(
        name: "notification", schema: "notification", pathPrefix: "/notification",
        migrations: [
            Migration(name: "V001_init", bytes: PackageResources.V001_init_sql),
            Migration(name: "V010_matters", bytes: PackageResources.V010_matters_sql),
            Migration(name: "V020_bulletin_life", bytes: PackageResources.V020_bulletin_life_sql),
            Migration(name: "V021_bulletin_rules", bytes: PackageResources.V021_bulletin_rules_sql),
            Migration(name: "V030_webhooks", bytes: PackageResources.V030_webhooks_sql),
            Migration(name: "V031_ledger", bytes: PackageResources.V031_ledger_sql),
            Migration(name: "V032_people", bytes: PackageResources.V032_people_sql),
            Migration(name: "V040_attachments", bytes: PackageResources.V040_attachments_sql),
            Migration(name: "V041_people_receipts", bytes: PackageResources.V041_people_receipts_sql),
        ], bundle: .module,
        openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static var sealedColumns: [SealedColumn] { [Contact.column] }
    public static var commands: [any ParsableCommand.Type] { [VoidNumbersCommand.self] }

    public static func settings(_ reader: SettingsReader) -> Settings { Settings(values: .read(reader)) }

    private let runtime: ServiceRuntime
    let dispatcher: WebhookDispatcher
    let registration: EndpointRegistration
    let registry: RegistryConsumers
    let desk: ProblemDesk
    let people: PeopleDispatcher
    let access: AccessConsumers
    let bulletins: BulletinDesk
    let watch: BulletinWatch
    let alerts: AlertConsumers
    let selfChecks: SelfCheckConsumers
    let life: BulletinLife
    let reports: DeliveryReportDesk
    private let peopleSettings: PeopleSettings
    private let files: AttachmentStore
    private let intake: AttachmentIntake

    public init(runtime: ServiceRuntime, settings: Settings) async throws {
        self.runtime = runtime
        let source = "urn:brightkitchen:\(runtime.description.name)"
        let seal = try Self.seal(settings.values, runtime.configuration)
        dispatcher = WebhookDispatcher(
            pool: runtime.pool, http: try HTTPClient(settings.values.http, logger: runtime.logger), seal: seal,
            clock: runtime.clock, logger: runtime.logger, maximumUnderWay: settings.values.maximumUnderWay)
        registration = EndpointRegistration(
            pool: runtime.pool, http: settings.values.http, seal: seal, dispatcher: dispatcher, source: source)
        people = try Self.people(settings.values.people, settings.values.http, runtime)
        let webhooks = WebhookOutbox(
            policy: runtime.policy, publicBaseURL: runtime.configuration.publicBaseURL, source: source,
            dispatcher: dispatcher)
        let bulletins = BulletinDesk(clock: runtime.clock, webhooks: webhooks)
        self.bulletins = bulletins
        life = BulletinLife(webhooks: webhooks)
        files = try AttachmentStore(
            root: URL(fileURLWithPath: settings.values.attachmentsDirectory, isDirectory: true))
        intake = AttachmentIntake(store: files, ffmpeg: settings.values.ffmpeg)
        reports = DeliveryReportDesk(pool: runtime.pool)
        peopleSettings = settings.values.people
        watch = BulletinWatch(
            pool: runtime.pool, clock: runtime.clock, webhooks: webhooks, files: files, logger: runtime.logger)
        selfChecks = SelfCheckConsumers(clock: runtime.clock)
        registry = RegistryConsumers(
            clock: runtime.clock, bulletins: bulletins, webhooks: webhooks, selfChecks: selfChecks)
        access = AccessConsumers(clock: runtime.clock, bulletins: bulletins)
        alerts = AlertConsumers(clock: runtime.clock)
        desk = ProblemDesk(clock: runtime.clock, bulletins: bulletins, webhooks: webhooks)
    }

    private static func people(
        _ settings: PeopleSettings, _ http: HTTPClientConfiguration, _ runtime: ServiceRuntime
    ) throws -> PeopleDispatcher {
        let mailer = try settings.mailServer.map { try Mailer($0) }
        var gateway: MessageGateway?
        if let url = settings.gatewayURL {
            // The operator names it: it may stand in the city's own network.
            var configuration = HTTPClientConfiguration.internalCalls
            configuration.allowsPlainHTTP = http.allowsPlainHTTP
            configuration.certificateAuthorities = http.certificateAuthorities
            configuration.deadline = .seconds(20)
            gateway = MessageGateway(
                client: try HTTPClient(configuration, logger: runtime.logger), url: url, token: settings.gatewayToken)
        }
        return PeopleDispatcher(
            desk: PeopleDesk(
                pool: runtime.pool, timing: settings.timing, ladder: settings.ladder,
                digestMinute: settings.digestMinute),
            channels: MessageChannels(mailer: mailer, gateway: gateway), keys: runtime.personalDataKeys,
            pages: runtime.pages, publicBaseURL: runtime.configuration.publicBaseURL, pool: runtime.pool,
            clock: runtime.clock, logger: runtime.logger)
    }

    private static func seal(
        _ settings: NotificationSettings, _ configuration: ServiceConfiguration
    ) throws -> SecretSeal {
        if let key = settings.sealingKey { return SecretSeal(key: key) }
        guard let journalKey = configuration.journalKey else { throw MissingSealingKey() }
        return SecretSeal(derivedFrom: journalKey.rawRepresentation)
    }

    /// Neither `WEBHOOK_SEALING_KEY` nor a journal key to derive one from.
    private struct MissingSealingKey: Error {}

    public func routes(_ routes: Routes) {
        InboxRoutes(pool: runtime.pool, pages: runtime.pages, life: life).declare(routes)
        let commands = BulletinCommands(runtime: runtime, issue: bulletins.issue)
        // Before the document: `/bulletins/new` is not a bulletin.
        BulletinCommandRoutes(runtime: runtime, commands: commands).declare(routes)
        BulletinAttachmentRoutes(runtime: runtime, commands: commands, intake: intake, store: files).declare(routes)
        BulletinRoutes(pool: runtime.pool, pages: runtime.pages).declare(routes)
        let approvals = Approvals(
            runtime, kinds: [BulletinRuleBook.kind(runtime.pages), TemplateBook.kind(runtime.pages)])
        approvals.declare(routes)
        BulletinRuleRoutes(runtime: runtime, approvals: approvals).declare(routes)
        ContactRoutes(
            pool: runtime.pool, pages: runtime.pages, keys: runtime.personalDataKeys, channels: people.channels
        ).declare(routes)
        TemplateRoutes(runtime: runtime, approvals: approvals).declare(routes)
        DeliveryReportRoutes(desk: reports, settings: peopleSettings).declare(routes)
        LedgerRoutes(pool: runtime.pool, pages: runtime.pages).declare(routes)
        WebhookRoutes(pool: runtime.pool, pages: runtime.pages, registration: registration).declare(routes)
    }

    public var subscriptions: [Subscription] {
        registry.subscriptions + access.subscriptions + alerts.subscriptions + selfChecks.subscriptions
            + FilingConsumer(clock: runtime.clock).subscriptions + PatrolConsumers(desk: desk).subscriptions
    }

    public var figures: [DomainFigure] { NotificationFigures.all }

    public var backgroundServices: [any Service] { [dispatcher, watch, people] }
}
