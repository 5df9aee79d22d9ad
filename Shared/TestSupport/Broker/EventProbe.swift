import Foundation
import Kafka
import Logging

/// Reads topics from their beginning and waits for records, with a deadline and without sleeping.
public actor EventProbe {
    private let consumer: KafkaConsumer
    /// Everything read so far, in order of arrival.
    public private(set) var records: [ReceivedRecord] = []

    public init(_ configuration: KafkaConfiguration, topics: [String]) async throws {
        consumer = try await KafkaConsumer(configuration, reading: topics, logger: .quiet("event-probe"))
    }

    /// The first record that matches, also among those read before.
    public func first(
        within limit: Duration = .seconds(20), _ condition: @Sendable (ReceivedRecord) -> Bool
    ) async throws -> ReceivedRecord {
        if let found = records.first(where: condition) { return found }
        let deadline = ContinuousClock.now + limit
        while true {
            for record in try await next(deadline, limit) where condition(record) { return record }
        }
    }

    /// All matching records, once there are at least `count`.
    public func collect(
        _ count: Int, within limit: Duration = .seconds(20),
        _ condition: @Sendable (ReceivedRecord) -> Bool = { _ in true }
    ) async throws -> [ReceivedRecord] {
        let deadline = ContinuousClock.now + limit
        var matching = records.filter(condition)
        while matching.count < count {
            matching += try await next(deadline, limit).filter(condition)
        }
        return matching
    }

    /// Everything read so far, once it is enough.
    public func collect(
        within limit: Duration = .seconds(20), until isEnough: @Sendable ([ReceivedRecord]) -> Bool
    ) async throws -> [ReceivedRecord] {
        let deadline = ContinuousClock.now + limit
        while !isEnough(records) { _ = try await next(deadline, limit) }
        return records
    }

    public func close() async {
        await consumer.close()
    }

    private func next(_ deadline: ContinuousClock.Instant, _ limit: Duration) async throws -> [ReceivedRecord] {
        let left = deadline - ContinuousClock.now
        guard left > .zero else { throw NothingCame(limit: limit, seen: records.map(Self.summary)) }
        let fresh = try await consumer.poll(max: 1_000, wait: left)
        records += fresh
        return fresh
    }

    private static func summary(_ record: ReceivedRecord) -> String {
        "\(record.topicPartition)@\(record.offset) \(record.header("ce_type") ?? "-")"
    }

    /// The deadline passed; `seen` is what had come until then.
    public struct NothingCame: Error, CustomStringConvertible {
        public let limit: Duration
        public let seen: [String]
        public var description: String {
            "no matching record within \(limit); seen: \(seen.isEmpty ? "nothing" : seen.joined(separator: "; "))"
        }
    }
}
