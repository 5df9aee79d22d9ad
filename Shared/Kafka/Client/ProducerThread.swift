import CRDKafka
import Foundation
import Logging
import Synchronization

/// The one thread that owns a producer's handle: it hands records over, serves delivery reports and answers queries.
///
/// Blocks in `rd_kafka_poll`; a command wakes it through `rd_kafka_queue_yield`. Back-pressure is its list of waiting
/// batches: when librdkafka's queue is full, the rest waits for delivery reports.
///
/// @unchecked: everything but `inbox` is touched by the thread only.
final class ProducerThread: @unchecked Sendable {
    enum Command {
        case send(ProducerBatch, CheckedContinuation<[Result<RecordPosition, KafkaError>], Never>)
        case cancel(ProducerBatch)
        case query(@Sendable (OpaquePointer) -> Void)
        case close(flush: Duration, CheckedContinuation<Void, Never>?)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isClosed = false
        /// For waking; nil once the handle is about to go.
        var queue: SharedPointer?
    }

    private let inbox = Mutex(Inbox())
    private let log: ClientLog
    private var client: OpaquePointer
    /// Not handed over completely, in order.
    private var waiting: [ProducerBatch] = []
    /// Handed over, but not every delivery report is there.
    private var underWay: [ProducerBatch] = []

    init(_ configuration: KafkaConfiguration, logger: Logger) throws(KafkaError) {
        log = ClientLog(logger)
        let object = try ClientProperties.producer.makeConfiguration(for: configuration)
        // The opaque pointer is set once `self` exists; until the thread polls, no callback of ours runs but the log.
        rd_kafka_conf_set_opaque(object, Unmanaged.passUnretained(log).toOpaque())
        rd_kafka_conf_set_log_cb(object) { client, level, facility, text in
            guard let client, let opaque = rd_kafka_opaque(client) else { return }
            Unmanaged<ClientLog>.fromOpaque(opaque).takeUnretainedValue().line(
                level: level, facility: facility.map { String(cString: $0) } ?? "",
                text.map { String(cString: $0) } ?? "")
        }
        rd_kafka_conf_set_error_cb(object) { client, code, reason, opaque in
            guard let opaque else { return }
            Unmanaged<ClientLog>.fromOpaque(opaque).takeUnretainedValue().error(
                KafkaError(
                    rd_kafka_resp_err_t(rawValue: .init(code)), detail: reason.map { String(cString: $0) }))
        }
        rd_kafka_conf_set_dr_msg_cb(object) { client, message, _ in
            guard let client, let message, let slot = message.pointee._private else { return }
            DeliverySlot.take(slot).deliver(client, message)
        }
        client = try ClientProperties.makeClient(RD_KAFKA_PRODUCER, object)
        let queue = rd_kafka_queue_get_main(client).map { SharedPointer($0) }
        inbox.withLock { $0.queue = queue }
        let thread = Thread { [self] in run() }
        thread.name = "kafka-producer"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// False when the producer is closed: the command was not taken.
    func give(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            if case .close = command { inbox.isClosed = true }
            inbox.commands.append(command)
            if let queue = inbox.queue { rd_kafka_queue_yield(queue.pointer) }
            return true
        }
    }

    private func run() {
        while true {
            let commands = inbox.withLock { inbox in
                defer { inbox.commands.removeAll(keepingCapacity: true) }
                return inbox.commands
            }
            for command in commands {
                switch command {
                case .send(let batch, let continuation):
                    batch.start(continuation)
                    if !batch.isAnswered { waiting.append(batch) }
                case .cancel(let batch):
                    batch.cancel()
                case .query(let work):
                    work(client)
                case .close(let flush, let continuation):
                    close(flush)
                    continuation?.resume()
                    return
                }
            }
            underWay.removeAll(where: \.isAnswered)
            submit()
            // Waiting records are tried again when reports made room, at the latest after 10 ms.
            if rd_kafka_poll(client, waiting.isEmpty ? 1_000 : 10) > 0 { log.recovered() }
        }
    }

    /// Hands waiting records over, in order, until librdkafka's queue is full.
    private func submit() {
        while let batch = waiting.first {
            while batch.next < batch.records.count {
                let index = batch.next
                let record = batch.records[index]
                if let key = record.key, batch.refusedKeys.contains(key) {
                    batch.answer(index, .failure(.predecessorRefused))
                } else if let error = produce(record, DeliverySlot(batch, index)) {
                    if error.code == Int32(RD_KAFKA_RESP_ERR__QUEUE_FULL.rawValue) { return }
                    if let key = record.key { batch.refusedKeys.insert(key) }
                    batch.answer(index, .failure(KafkaError.fatalError(of: client) ?? error))
                }
                batch.next += 1
            }
            underWay.append(waiting.removeFirst())
        }
    }

    private func produce(_ record: KafkaRecord, _ slot: DeliverySlot) -> KafkaError? {
        let opaque = slot.retained()
        let error = ProduceCall.produce(client, record, opaque: opaque)
        if error != nil { DeliverySlot.drop(opaque) }
        return error
    }

    /// Flushes for at most `limit`, gives up what is left, destroys the handle.
    private func close(_ limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, !waiting.isEmpty || rd_kafka_outq_len(client) > 0,
            KafkaError.fatalError(of: client) == nil
        {
            submit()
            rd_kafka_poll(client, 50)
        }
        for batch in waiting { batch.answerRest(.closed) }
        waiting.removeAll()
        rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        rd_kafka_flush(client, 1_000)
        for batch in underWay { batch.answerRest(.closed) }
        underWay.removeAll()
        let queue = inbox.withLock { inbox in
            defer { inbox.queue = nil }
            return inbox.queue
        }
        if let queue { rd_kafka_queue_destroy(queue.pointer) }
        rd_kafka_destroy(client)
    }
}
