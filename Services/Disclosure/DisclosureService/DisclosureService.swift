import Attachments
import Foundation
import Journal
import PersonalData
import Postgres
import ServiceKit
import ServiceLifecycle

/// What the public may know: the nine categories of art 6, problems and their end. Open to everybody, without an account.
/// The one file that puts the parts together.
public struct DisclosureService: BrightService {
    public static let description = ServiceDescription(
        name: "disclosure", schema: "disclosure", pathPrefix: "/disclosure",
        migrations: [
            Migration(name: "V001_init", bytes: PackageResources.V001_init_sql),
            Migration(name: "V010_nine_categories", bytes: PackageResources.V010_nine_categories_sql),
            Migration(name: "V030_position", bytes: PackageResources.V030_position_sql),
            Migration(name: "V031_menu", bytes: PackageResources.V031_menu_sql),
            Migration(name: "V040_licence_optional", bytes: PackageResources.V040_licence_optional_sql),
        ], bundle: .module, openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static func settings(_ reader: SettingsReader) -> DisclosureSettings { .read(reader) }
    public static var sealedColumns: [SealedColumn] { [ItemPersons.column] }

    private let runtime: ServiceRuntime
    let items: ItemDesk
    let intake: AttachmentIntake
    let store: AttachmentStore
    let signer: NoteSigner?
    let itemClock: ItemClock
    let dumper: Dumper

    public init(runtime: ServiceRuntime, settings: DisclosureSettings) async throws {
        self.runtime = runtime
        store = try AttachmentStore(
            root: URL(fileURLWithPath: settings.attachmentsDirectory, isDirectory: true),
            algorithm: runtime.configuration.digestAlgorithm)
        intake = AttachmentIntake(
            store: store, ffmpeg: settings.ffmpeg, scanner: settings.virusScanner.map { VirusScanner(command: $0) })
        items = ItemDesk(
            pool: runtime.pool, calendar: try settings.calendar(),
            persons: ItemPersons(keys: runtime.personalDataKeys))
        signer = try runtime.configuration.journalKey.map {
            try NoteSigner(journalKey: $0, origin: runtime.configuration.logOrigin)
        }
        itemClock = ItemClock(pool: runtime.pool, clock: runtime.clock, logger: runtime.logger)
        dumper = try Dumper(
            pool: runtime.pool, clock: runtime.clock, logger: runtime.logger, signer: signer,
            folder: URL(fileURLWithPath: settings.dumpsDirectory, isDirectory: true))
    }

    public func routes(_ routes: Routes) {
        let commands = DeskCommands(runtime: runtime, items: items, intake: intake)
        let files = FileRoutes(commands: commands, store: store)
        PortalRoutes(runtime: runtime).declare(routes)
        CanteenAPI(runtime: runtime, cache: RecordCache()).declare(routes)
        ItemAPI(runtime: runtime).declare(routes)
        MenuAPI(runtime: runtime).declare(routes)
        DistrictAPI(runtime: runtime).declare(routes)
        DoorRoutes(runtime: runtime, signer: signer).declare(routes)
        DumpRoutes(dumper: dumper).declare(routes)
        OpenDataIndex(signer: signer).declare(routes)
        files.declare(routes)
        DeskPages(commands: commands, files: files).declare(routes)
        MenuPages(commands: commands).declare(routes)
        ItemPage(commands: commands).declare(routes)
        BatchPages(commands: commands).declare(routes)
        OversightPages(commands: commands).declare(routes)
        DeskAPI(commands: commands).declare(routes.group("/api"))
    }

    public var subscriptions: [Subscription] {
        RegistryConsumers(licences: LicencePublisher(clock: runtime.clock)).subscriptions
            + PatrolConsumers(selfChecks: SelfCheckPublisher(clock: runtime.clock, calendar: items.calendar))
            .subscriptions
    }

    public var figures: [DomainFigure] { DisclosureFigures.all }

    public var backgroundServices: [any Service] { [itemClock, dumper] }
}
