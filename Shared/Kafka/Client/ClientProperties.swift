import CRDKafka
import Logging

/// librdkafka's properties for each kind of client.
struct ClientProperties {
    /// Defaults that `KafkaConfiguration.properties` may override.
    private(set) var defaults: [String: String]
    /// What our guarantees rest on: cannot be overridden.
    private(set) var fixed: [String: String]

    private static let common = [
        "socket.nagle.disable": "true",
        "socket.keepalive.enable": "true",
        // Come back quickly after a broker's restart: librdkafka's own maximum is 10 s.
        "reconnect.backoff.ms": "50",
        "reconnect.backoff.max.ms": "1000",
        "topic.metadata.refresh.interval.ms": "30000",
        "broker.address.family": "v4",
        // A broker that makes topics by itself would make those of a lost cluster with its own number of partitions before
        // we make them with ours. (The embedded broker makes them all the same.)
        "allow.auto.create.topics": "false",
        // Lines are levelled by us; connection losses are reported once by the error callback.
        "log.connection.close": "false",
    ]

    static let producer = ClientProperties(
        defaults: common.merging(
            [
                "linger.ms": "1",
                // Same partition for a key as Java's default.
                "partitioner": "murmur2_random",
            ], uniquingKeysWith: { $1 }),
        fixed: [
            "enable.idempotence": "true",
            "acks": "all",
            // 0 = for ever: a record is given up by our own decision, not by a timer.
            "message.timeout.ms": "0",
        ])

    static func consumer(group: String) -> ClientProperties {
        ClientProperties(
            defaults: common.merging(
                [
                    // A broker that holds an empty fetch adds this much to a delivery (the mock holds it always).
                    "fetch.wait.max.ms": "10",
                    "fetch.error.backoff.ms": "100",
                    // Six seconds is the least that a broker with default settings admits: a killed member is
                    // replaced after that long.
                    "session.timeout.ms": "6000",
                    "heartbeat.interval.ms": "1500",
                    // At most 16 MB are read ahead. No limit by number of records: librdkafka 2.0.2 looks again only
                    // after a second when that one is reached.
                    "queued.max.messages.kbytes": "16384",
                ], uniquingKeysWith: { $1 }),
            fixed: [
                "group.id": group,
                "enable.auto.commit": "false",
                "enable.auto.offset.store": "false",
                // Also the answer to an offset that is out of range.
                "auto.offset.reset": "earliest",
                // Eager: librdkafka 2.0.2's cooperative assignor has known faults.
                "partition.assignment.strategy": "range,roundrobin",
                "enable.partition.eof": "false",
            ])
    }

    static let admin = ClientProperties(defaults: common, fixed: [:])

    /// A configuration object that the caller hands to `rd_kafka_new`.
    func makeConfiguration(for configuration: KafkaConfiguration) throws(KafkaError) -> OpaquePointer {
        guard let object = rd_kafka_conf_new() else {
            throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, detail: "no memory for a configuration")
        }
        var properties = defaults
        properties.merge(configuration.properties) { $1 }
        if let security = configuration.security {
            do throws(KafkaError) {
                properties.merge(try security.properties()) { $1 }
            } catch {
                rd_kafka_conf_destroy(object)
                throw error
            }
        }
        properties.merge(fixed) { $1 }
        if configuration.security?.securityProtocol.usesTLS == true { CertificateRefusal.install(object) }
        properties["bootstrap.servers"] = configuration.bootstrap
        properties["client.id"] = configuration.clientId
        var faults: [String] = []
        var text = [CChar](repeating: 0, count: 512)
        for (name, value) in properties.sorted(by: { $0.key < $1.key })
        where rd_kafka_conf_set(object, name, value, &text, text.count) != RD_KAFKA_CONF_OK {
            faults.append(Self.string(text))
        }
        guard faults.isEmpty else {
            rd_kafka_conf_destroy(object)
            throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, detail: faults.joined(separator: "; "))
        }
        return object
    }

    /// Makes the client; takes over `configuration` whatever happens.
    static func makeClient(
        _ type: rd_kafka_type_t, _ configuration: OpaquePointer
    ) throws(KafkaError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(type, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, detail: string(text))
        }
        return client
    }

    /// A NUL-terminated buffer as text.
    static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
