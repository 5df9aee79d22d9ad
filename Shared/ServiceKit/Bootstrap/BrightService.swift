import Access
import ArgumentParser
import Journal
import PersonalData
import ServiceLifecycle

/// A service: what it is, what it is told, what it serves, what it consumes, what it runs. Its one wiring file conforms.
public protocol BrightService: Sendable {
    /// The service's own settings; `NoSettings` when it has none.
    associatedtype Settings: Sendable = NoSettings

    static var description: ServiceDescription { get }
    /// Columns with sealed personal data: `migrate` seals what is plain in them, `reseal` changes their key.
    static var sealedColumns: [SealedColumn] { get }
    /// Reads the service's own settings. Report faults through the reader, do not throw.
    static func settings(_ reader: SettingsReader) -> Settings
    /// Subcommands besides the common ones (`registry import`).
    static var commands: [any ParsableCommand.Type] { get }
    /// Where tokens' keys come from; nil = `JWKS_URL`. The registry gives its own signer.
    static func jwksSource(_ settings: Settings) async throws -> (any JWKSSource)?

    /// What `verify` proves for this service besides its journal (files, documents), one line for each failure.
    static func ownFailures(_ runtime: ServiceRuntime, _ settings: Settings) async throws -> [String]

    /// Wires the parts together. Nothing runs yet: no query, no request.
    init(runtime: ServiceRuntime, settings: Settings) async throws

    func routes(_ routes: Routes)
    var subscriptions: [Subscription] { get }
    /// Consumers of topics that vendors write. Started when the topics exist.
    var inboundConsumers: [InboundConsumer] { get }
    /// Loops of the service's own: timers, senders. Started after the consumers, stopped before them.
    var backgroundServices: [any Service] { get }
    var readinessChecks: [ReadinessCheck] { get }
    /// What operators watch of this service's domain, besides what is watched in every service.
    var figures: [DomainFigure] { get }
    /// Recognises the service's own sessions (parents).
    var sessionAuthenticator: (any SessionAuthenticator)? { get }
}

/// For services without settings of their own.
public struct NoSettings: Sendable {
    public init() {}
}

extension BrightService where Settings == NoSettings {
    public static func settings(_ reader: SettingsReader) -> NoSettings { NoSettings() }
}

extension BrightService {
    public static var sealedColumns: [SealedColumn] { [] }
    public static var commands: [any ParsableCommand.Type] { [] }
    public static func jwksSource(_ settings: Settings) async throws -> (any JWKSSource)? { nil }
    public static func ownFailures(_ runtime: ServiceRuntime, _ settings: Settings) async throws -> [String] { [] }
    public var subscriptions: [Subscription] { [] }
    public var inboundConsumers: [InboundConsumer] { [] }
    public var backgroundServices: [any Service] { [] }
    public var readinessChecks: [ReadinessCheck] { [] }
    public var figures: [DomainFigure] { [] }
    public var sessionAuthenticator: (any SessionAuthenticator)? { nil }
}
