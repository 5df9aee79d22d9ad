import Access
import Attachments
import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import PersonalData
import Postgres
import ServiceKit
import ServiceLifecycle

/// Parent access: representatives and their grants, and the video authorisation point for every kind of viewer.
public struct ParentAccess: BrightService {
    /// What the city and the operator set.
    public struct Settings: Sendable {
        let limits: CityLimits
        let streams: StreamLimits
        /// Representatives per school.
        let quota: Int
        /// Longest time for which a guest is invited, in days.
        let guestDays: Int
        let passwordCost: ScryptParameters
        let sms: SMSSettings
        let holidays: WorkingCalendar
        let feedbackDays: FeedbackDays
        /// Photographs of feedback.
        let attachmentsDirectory: String
        let ffmpeg: String
        /// `VIRUS_SCANNER`: program and arguments; absent = photographs are not scanned.
        let virusScanner: String?
        /// `<GB id>/<YYYY-MM-DD>/<HH-MM-SS>.ts`; nil where no recordings are mounted.
        let recordingsDirectory: String?
        let exportsDirectory: String
        let watermarkFont: String?
    }

    public static let description = ServiceDescription(
        name: "parent-access", schema: "parent_access", pathPrefix: "/parent",
        migrations: [
            Migration(name: "V001_init", bytes: PackageResources.V001_init_sql),
            Migration(name: "V050_sealed_persons", bytes: PackageResources.V050_sealed_persons_sql),
            Migration(name: "V010_school_facts", bytes: PackageResources.V010_school_facts_sql),
            Migration(name: "V011_feedback", bytes: PackageResources.V011_feedback_sql),
            Migration(name: "V012_playback", bytes: PackageResources.V012_playback_sql),
            Migration(name: "V030_menu", bytes: PackageResources.V030_menu_sql),
            Migration(name: "V045_licence_optional", bytes: PackageResources.V045_licence_optional_sql),
            Migration(name: "V049_feedback_open", bytes: PackageResources.V049_feedback_open_sql),
            Migration(name: "V060_named_digests", bytes: PackageResources.V060_named_digests_sql),
            Migration(name: "V061_unknown_accounts", bytes: PackageResources.V061_unknown_accounts_sql),
        ],
        bundle: .module, openAPI: String(decoding: PackageResources.openapi_yaml, as: UTF8.self))

    public static var sealedColumns: [SealedColumn] {
        RepresentativePerson.columns + [SealedColumn(FeedbackStore.wordsTable, key: "feedback_id", column: "words")]
    }

    /// `CITY_WINDOW_OPENS`, `CITY_WINDOW_CLOSES` (HH:MM), `STREAMS_PER_SCHOOL`, `STREAMS_PER_PERSON`,
    /// `REPRESENTATIVES_PER_SCHOOL`, `GUEST_DAYS`: until the city decides a version of its own. `WORKDAYS_DIR`: the
    /// yearly holiday notices. `SMS_*`: see `SMSSettings`.
    public static func settings(_ reader: SettingsReader) -> Settings {
        let standard = CityLimits.standard
        let opens = reader.string("CITY_WINDOW_OPENS", default: standard.opens.text)
        let closes = reader.string("CITY_WINDOW_CLOSES", default: standard.closes.text)
        let limits = TimeOfDay(text: opens).flatMap { opens in
            TimeOfDay(text: closes).flatMap { CityLimits(opens: opens, closes: $0) }
        }
        if limits == nil {
            reader.fail("CITY_WINDOW_OPENS", value: "\(opens)–\(closes)", allowed: "HH:MM before CITY_WINDOW_CLOSES")
        }
        let hasQuickPasswords = reader.boolean("QUICK_PASSWORDS_FOR_TESTS", default: false)
        if hasQuickPasswords, reader.choice("MODE", default: ServiceConfiguration.Mode.local) == .production {
            reader.fail("QUICK_PASSWORDS_FOR_TESTS", value: "true", allowed: "only where MODE is local")
        }
        return Settings(
            limits: limits ?? standard,
            streams: StreamLimits(
                perSchool: reader.integer(
                    "STREAMS_PER_SCHOOL", default: StreamLimits.standard.perSchool, in: 1...10_000),
                perPerson: reader.integer("STREAMS_PER_PERSON", default: StreamLimits.standard.perPerson, in: 1...100)),
            quota: reader.integer("REPRESENTATIVES_PER_SCHOOL", default: 60, in: 1...100_000),
            guestDays: reader.integer("GUEST_DAYS", default: 14, in: 1...366),
            passwordCost: hasQuickPasswords ? .quick : .standard, sms: SMSSettings.read(reader),
            holidays: HolidayFolder.read(reader),
            feedbackDays: FeedbackDays(
                decision: reader.integer("FEEDBACK_DECISION_DAYS", default: 7, in: 1...60),
                answer: reader.integer("FEEDBACK_ANSWER_DAYS", default: 10, in: 1...60)),
            attachmentsDirectory: reader.string(
                "ATTACHMENTS_DIR", allowed: "a folder for photographs of feedback"),
            ffmpeg: reader.string("FFMPEG", default: "ffmpeg"), virusScanner: reader.optionalString("VIRUS_SCANNER"),
            recordingsDirectory: reader.optionalString("VIDEO_RECORD_DIR"),
            exportsDirectory: reader.string("EXPORTS_DIR", default: "exports", allowed: "a folder for exports"),
            watermarkFont: reader.optionalString("WATERMARK_FONT"))
    }

    let runtime: ServiceRuntime
    let settings: Settings
    let live: LiveState
    let refresher: LiveRefresher
    let sweeper: SessionSweeper
    private let refusals = RefusalTally()
    private let commands: Representatives
    private let accounts: ParentAccounts
    private let door: VideoDoor
    private let feedback: FeedbackDesk
    private let webManifest: WebManifest
    private let playback: PlaybackDesk
    let exports: ExportDesk

    public init(runtime: ServiceRuntime, settings: Settings) async throws {
        self.runtime = runtime
        self.settings = settings
        webManifest = try WebManifest(pages: runtime.pages)
        live = LiveState(
            rules: ViewRules(limits: settings.limits, access: runtime.policy, holidays: settings.holidays),
            streams: settings.streams, quota: settings.quota, guestDays: settings.guestDays)
        refresher = LiveRefresher(reader: LiveReader(pool: runtime.pool, clock: runtime.clock), state: live)
        sweeper = SessionSweeper(
            pool: runtime.pool, clock: runtime.clock, live: live, refresher: refresher, refusals: refusals,
            logger: runtime.logger)
        commands = Representatives(
            pool: runtime.pool, clock: runtime.clock, live: live, refresher: refresher,
            person: RepresentativePerson(keys: runtime.personalDataKeys))
        let files = try AttachmentStore(
            root: URL(fileURLWithPath: settings.attachmentsDirectory, isDirectory: true),
            algorithm: runtime.configuration.digestAlgorithm)
        feedback = FeedbackDesk(
            pool: runtime.pool, clock: runtime.clock, live: live, keys: runtime.personalDataKeys,
            photographs: AttachmentIntake(
                store: files, ffmpeg: settings.ffmpeg,
                scanner: settings.virusScanner.map { VirusScanner(command: $0) }), files: files,
            calendar: settings.holidays, days: settings.feedbackDays)
        accounts = ParentAccounts(
            pool: runtime.pool, clock: runtime.clock, refresher: refresher,
            passwords: PasswordHasher(parameters: settings.passwordCost),
            person: RepresentativePerson(keys: runtime.personalDataKeys),
            codes: ActivationCodes(
                pool: runtime.pool, clock: runtime.clock, sender: try settings.sms.sender(logger: runtime.logger),
                numbers: NumberLimiter(), logger: runtime.logger), files: files)
        let recordings = settings.recordingsDirectory.map {
            RecordingFolder(root: URL(fileURLWithPath: $0, isDirectory: true))
        }
        exports = ExportDesk(
            pool: runtime.pool, clock: runtime.clock, live: live, recordings: recordings,
            folder: URL(fileURLWithPath: settings.exportsDirectory, isDirectory: true), ffmpeg: settings.ffmpeg,
            font: settings.watermarkFont, algorithm: runtime.configuration.digestAlgorithm, logger: runtime.logger)
        door = VideoDoor(pool: runtime.pool, clock: runtime.clock, live: live, refusals: refusals)
        playback = PlaybackDesk(
            pool: runtime.pool, clock: runtime.clock, live: live, door: door, recordings: recordings,
            remuxer: Remuxer(ffmpeg: settings.ffmpeg))
    }

    public func routes(_ routes: Routes) {
        let queries = SchoolQueries(
            pool: runtime.pool, person: RepresentativePerson(keys: runtime.personalDataKeys))
        let pages = runtime.pages
        let configuration = runtime.configuration
        let sms = InvitationSMS(
            clock: runtime.clock, sender: accounts.codes.sender, numbers: accounts.codes.numbers,
            logger: runtime.logger)
        SchoolPages(
            commands: commands, queries: queries, pages: pages, live: live, publicBaseURL: configuration.publicBaseURL,
            sms: sms
        ).declare(routes)
        GuestPages(
            commands: commands, queries: queries, pages: pages, live: live, publicBaseURL: configuration.publicBaseURL
        ).declare(routes)
        let approvals = Approvals(
            runtime,
            kinds: [
                CityRulesPages.kind(pages: pages, refresher: refresher),
                PlaybackPages.kind(pages: pages, live: live, exports: exports),
            ])
        approvals.declare(routes)
        CityRulesPages(live: live, refresher: refresher, pages: pages, runtime: runtime, approvals: approvals)
            .declare(routes)
        PlaybackPages(desk: playback, exports: exports, approvals: approvals, pages: pages, live: live)
            .declare(routes)
        SchoolListPages(
            commands: commands, queries: queries, pages: pages, live: live, publicBaseURL: configuration.publicBaseURL,
            sms: sms
        ).declare(routes)
        SchoolAPI(
            commands: commands, queries: queries, publicBaseURL: configuration.publicBaseURL, live: live, sms: sms
        ).declare(routes)
        ParentEntrance(accounts: accounts, pages: pages, live: live, cookieSecure: configuration.cookieSecure)
            .declare(routes)
        ParentSwitch(live: live, refresher: refresher, cookieSecure: configuration.cookieSecure).declare(routes)
        ParentPages(accounts: accounts, queries: queries, pages: pages, live: live).declare(routes)
        ParentAPI(accounts: accounts, queries: queries, live: live, cookieSecure: configuration.cookieSecure)
            .declare(routes)
        FeedbackAPI(desk: feedback, live: live).declare(routes)
        ParentFeedbackPages(desk: feedback, pages: pages, live: live).declare(routes)
        ModerationPages(desk: feedback, pages: pages).declare(routes)
        SchoolFeedbackPages(desk: feedback, pages: pages).declare(routes)
        webManifest.declare(routes)
        VideoRoutes(door: door, live: live, refresher: refresher, pages: pages).declare(routes.at("/video"))
        AuthorizeRoute(live: live, refresher: refresher).declare(routes.at("/internal"))
    }

    public var subscriptions: [Subscription] {
        let refresher = refresher
        return RegistryProjection.subscriptions { tx in
            tx.afterCommit { Task { try await refresher.refresh() } }
        } + PatrolProjection.subscriptions
    }

    public var figures: [DomainFigure] { ParentFigures.all }

    public var backgroundServices: [any Service] { [sweeper, exports] }

    public var readinessChecks: [ReadinessCheck] {
        let live = live
        return [
            ReadinessCheck("live-state") {
                guard live.isLoaded else { throw NotReady("not loaded from the database yet") }
                return "\(live.runningSessions) running views"
            },
            // Without a gateway everything runs except activation, which says so: shown here, not a reason to stop.
            ReadinessCheck("sms") { [sms = settings.sms.description] in sms },
        ]
    }

    public var sessionAuthenticator: (any SessionAuthenticator)? { ParentSessions(live: live, refresher: refresher) }
}
