import Hummingbird
import Journal
import Kafka
import Logging
import ServiceLifecycle

/// Runs a service: everything in one group, stopped in reverse order, in-flight work finished.
struct ServiceHost<S: BrightService> {
    /// In-flight requests, the batch in hand, closing connections: within the 5 s that a stop may take.
    private static var shutdownLimit: Duration { .milliseconds(4_500) }
    /// Longer than nginx keeps an idle connection to us (60 s): the gateway closes first, never we under its request.
    private static var idleTimeout: Int64 { 65 }

    let setup: ServiceSetup<S>

    init(_ setup: ServiceSetup<S>) { self.setup = setup }

    func run() async throws {
        let runtime = try await setup.runtime()
        let service = try await S(runtime: runtime, settings: setup.settings)
        let configuration = setup.configuration
        let relay = Relay(
            service: S.description.name, database: setup.database, pool: runtime.pool, kafka: configuration.kafka,
            signer: try setup.checkpointSigner(), clock: runtime.clock, logger: runtime.logger)
        let consumer = EventConsumer(
            service: S.description.name, group: S.description.name, pool: runtime.pool, kafka: configuration.kafka,
            subscriptions: service.subscriptions, logger: runtime.logger)
        let purge = IdempotencyPurge(
            store: runtime.idempotency, pool: runtime.pool, clock: runtime.clock, logger: runtime.logger)
        let expiry = ApprovalExpiry(
            pool: runtime.pool, clock: runtime.clock, area: S.description.eventArea, logger: runtime.logger)
        let sealing = AuditSealing(
            days: AuditDays(
                service: S.description.name, pool: runtime.pool, algorithm: configuration.digestAlgorithm),
            clock: runtime.clock,
            logger: runtime.logger)
        let revocations = RevocationRefresh(
            url: configuration.revocationsURL, http: runtime.internalHTTP, tokens: runtime.tokens,
            logger: runtime.logger)
        let retention = RetentionSchedule(
            purge: RetentionPurge(
                service: S.description.name, inventory: try .shipped(), pool: runtime.pool),
            clock: runtime.clock, logger: runtime.logger)
        let topics = TopicCheck(configuration.kafka, service: S.description.name, logger: runtime.logger)
        let figures = FigureBoard(
            own: service.figures, pool: runtime.pool, clock: runtime.clock, logger: runtime.logger)
        let health = Health(
            checks: CommonChecks.all(pool: runtime.pool, topics: topics, relay: relay, consumer: consumer)
                + service.readinessChecks)
        let application = Application(
            responder: ServiceRouter(service, runtime: runtime, health: health) { consumer.status.lagByTopic }
                .responder,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Self.idleTimeout),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.httpHost, port: configuration.httpPort)),
            onServerRunning: { channel in
                runtime.logger.info(
                    "serving",
                    metadata: ["address": "\(channel.localAddress.map(String.init(describing:)) ?? "unknown")"])
            },
            logger: runtime.logger)
        var group = ServiceGroupConfiguration(
            services: [
                runtime.pool, topics, AfterTopics(check: topics, service: relay),
                AfterTopics(check: topics, service: consumer),
            ] + service.inboundConsumers.map { AfterTopics(check: topics, service: $0) }
                + service.backgroundServices + [
                    purge, sealing, retention, expiry, revocations, figures.loop, application,
                ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: runtime.logger)
        group.maximumGracefulShutdownDuration = Self.shutdownLimit
        runtime.logger.info("starting", metadata: ["mode": "\(configuration.mode.rawValue)"])
        try await ServiceGroup(configuration: group).run()
        runtime.internalHTTP.close()
        runtime.logger.info("stopped")
    }
}
