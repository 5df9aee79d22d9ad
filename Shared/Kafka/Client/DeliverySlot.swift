import CRDKafka

/// What librdkafka carries along with one record and gives back with its delivery report.
final class DeliverySlot {
    private let batch: ProducerBatch
    private let index: Int

    init(_ batch: ProducerBatch, _ index: Int) {
        self.batch = batch
        self.index = index
    }

    /// The pointer owns the slot until `take` or `drop`.
    func retained() -> UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

    static func take(_ pointer: UnsafeMutableRawPointer) -> DeliverySlot {
        Unmanaged<DeliverySlot>.fromOpaque(pointer).takeRetainedValue()
    }

    static func drop(_ pointer: UnsafeMutableRawPointer) {
        Unmanaged<DeliverySlot>.fromOpaque(pointer).release()
    }

    func deliver(_ client: OpaquePointer, _ message: UnsafePointer<rd_kafka_message_t>) {
        let report = message.pointee
        if report.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            batch.answer(
                index,
                .success(
                    RecordPosition(
                        topic: report.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "",
                        partition: report.partition, offset: report.offset)))
        } else {
            batch.answer(index, .failure(KafkaError.fatalError(of: client) ?? KafkaError(report.err)))
        }
    }
}
