import CRDKafka
import Foundation
import Logging
import Synchronization

/// Owner of a mock cluster and of the client instance that carries it.
///
/// The mock's functions hand their work to its own thread. `close` is the owner's last call.
final class EmbeddedClusterHandle: Sendable {
    private struct Pointers: Sendable {
        let carrier: SharedPointer
        let cluster: SharedPointer
    }

    let bootstrap: String
    private let log: ClientLog
    private let pointers: Mutex<Pointers?>

    init(brokers: Int, logger: Logger) throws(KafkaError) {
        log = ClientLog(logger)
        let configuration = KafkaConfiguration(bootstrap: "127.0.0.1:9", clientId: "embedded-broker")
        let object = try ClientProperties.admin.makeConfiguration(for: configuration)
        // The carrier itself connects to nothing of interest: its lines are of no use.
        rd_kafka_conf_set_log_cb(object) { _, _, _, _ in }
        let carrier = try ClientProperties.makeClient(RD_KAFKA_PRODUCER, object)
        guard let cluster = rd_kafka_mock_cluster_new(carrier, Int32(brokers)) else {
            rd_kafka_destroy(carrier)
            throw KafkaError(
                RD_KAFKA_RESP_ERR__FAIL,
                detail: "the embedded broker cannot listen: \(String(cString: strerror(errno)))")
        }
        bootstrap = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        pointers = Mutex(Pointers(carrier: SharedPointer(carrier), cluster: SharedPointer(cluster)))
        ListenerSockets.disableNagle(
            ports: Set(
                bootstrap.split(separator: ",").compactMap { $0.split(separator: ":").last.flatMap { UInt16($0) } }))
    }

    deinit { close() }

    func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        try run { rd_kafka_mock_topic_create($0, name, Int32(partitions), 1) }
    }

    func failNext(_ request: Int16, _ codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: .init($0)) }
        pointers.withLock { pointers in
            guard let pointers else { return }
            rd_kafka_mock_push_request_errors_array(pointers.cluster.pointer, request, errors.count, errors)
        }
    }

    func setDown() throws(KafkaError) { try run { rd_kafka_mock_broker_set_down($0, -1) } }
    func setUp() throws(KafkaError) { try run { rd_kafka_mock_broker_set_up($0, -1) } }

    func setRoundTrip(milliseconds: Int32) throws(KafkaError) {
        try run { rd_kafka_mock_broker_set_rtt($0, -1, milliseconds) }
    }

    func close() {
        let last = pointers.withLock { pointers in
            defer { pointers = nil }
            return pointers
        }
        guard let last else { return }
        rd_kafka_mock_cluster_destroy(last.cluster.pointer)
        rd_kafka_destroy(last.carrier.pointer)
    }

    private func run(_ call: (OpaquePointer) -> rd_kafka_resp_err_t) throws(KafkaError) {
        guard let cluster = pointers.withLock({ $0?.cluster }) else { throw .closed }
        let code = call(cluster.pointer)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
    }
}
