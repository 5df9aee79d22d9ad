import CListenerPort
import Foundation
import Kafka
import Logging
import Synchronization

/// The broker of a test: an embedded cluster of its own, or the real one that `KAFKA_BOOTSTRAP` names.
///
/// Topic names should be the test's own (`MockBroker.uniqueName`), since a real broker is shared.
public final class MockBroker: Sendable {
    private let cluster: Mutex<EmbeddedCluster?>
    private let topics: [TopicSpec]
    private let logger: Logger
    public let bootstrap: String
    /// A real broker: no fault injection, no loss of memory.
    public let isReal: Bool

    private init(cluster: EmbeddedCluster?, bootstrap: String, topics: [TopicSpec], logger: Logger) {
        self.cluster = Mutex(cluster)
        self.bootstrap = bootstrap
        self.topics = topics
        self.logger = logger
        isReal = cluster == nil
    }

    public static var realBootstrap: String? {
        ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP"].flatMap { $0.isEmpty ? nil : $0 }
    }

    public static func start(topics: [TopicSpec] = [], logger: Logger = .quiet("mock-broker")) async throws
        -> MockBroker
    {
        if let bootstrap = realBootstrap {
            let broker = MockBroker(cluster: nil, bootstrap: bootstrap, topics: topics, logger: logger)
            try await KafkaAdmin(broker.configuration("tests"), logger: logger).ensureTopics(topics)
            return broker
        }
        let cluster = try EmbeddedCluster(topics: topics, logger: logger)
        return MockBroker(cluster: cluster, bootstrap: cluster.bootstrap, topics: topics, logger: logger)
    }

    /// A name that no other test and no earlier run uses.
    public static func uniqueName(_ prefix: String) -> String {
        "\(prefix).\(UUID().uuidString.prefix(8).lowercased())"
    }

    public func configuration(_ clientId: String, properties: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(bootstrap: bootstrap, clientId: clientId, properties: properties)
    }

    /// The cluster's hooks for injected faults.
    /// - Throws: `Unavailable` with a real broker.
    public func faults() throws -> EmbeddedCluster {
        guard let cluster = cluster.withLock({ $0 }) else { throw Unavailable() }
        return cluster
    }

    /// Stops the embedded broker, with everything it holds.
    public func stop() throws {
        guard !isReal else { throw Unavailable() }
        cluster.withLock { $0.take() }?.close()
    }

    /// Starts an empty embedded broker under the same address.
    public func startEmpty() throws {
        guard !isReal, let port = bootstrap.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw Unavailable()
        }
        listener_port_begin(port)
        defer { listener_port_begin(0) }
        let fresh = try EmbeddedCluster(topics: topics, logger: logger)
        cluster.withLock { $0 = fresh }
    }

    public func close() {
        cluster.withLock { $0.take() }?.close()
    }

    /// Not possible with a real broker.
    public struct Unavailable: Error {}
}
