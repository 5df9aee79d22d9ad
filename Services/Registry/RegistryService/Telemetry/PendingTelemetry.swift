import Calendar
import Contracts
import Postgres

/// What reports changed and the database does not know yet.
struct PendingTelemetry: Sendable {
    var changes: [SignalIntervalStore.Change] = []
    var spans: [RecordingStore.Key: [RecordedSpans.Span]] = [:]
    var oldest: [CameraID: Instant] = [:]
    var refusals: [RefusalStore.Key: RefusalStore.Count] = [:]
    /// Newest time of a report, by the way it came.
    var beats: [HeartbeatStore.Source: Instant] = [:]

    var isEmpty: Bool {
        changes.isEmpty && spans.isEmpty && oldest.isEmpty && refusals.isEmpty && beats.isEmpty
    }

    /// Splits at midnight: a segment may lie in two days.
    mutating func add(_ span: RecordedSpans.Span, of camera: CameraID) {
        var from = span.from
        while from < span.to {
            let day = LocalDate(Instant(microseconds: from * 1000))
            let end = min(span.to, day.adding(days: 1).start.microseconds / 1000)
            let key = RecordingStore.Key(camera: camera, day: day)
            var known = spans.removeValue(forKey: key) ?? []
            // Segments come in order as a rule: the common case only moves the end.
            if let last = known.last, last.to >= from, last.from <= from {
                known[known.count - 1] = .init(from: last.from, to: max(last.to, end))
            } else {
                known.append(.init(from: from, to: end))
            }
            spans[key] = known
            from = end
        }
    }

    mutating func refuse(_ reason: TelemetryRefusal, platform: String, reports: Int, example: String) {
        let key = RefusalStore.Key(platform: platform, reason: reason)
        refusals[key, default: .init(reports: 0, example: example)].reports += reports
    }

    /// This one failed to be written; what came meanwhile comes after it.
    func followed(by later: PendingTelemetry) -> PendingTelemetry {
        var all = self
        all.changes += later.changes
        all.spans.merge(later.spans) { $0 + $1 }
        all.oldest.merge(later.oldest) { $1 }
        all.refusals.merge(later.refusals) { .init(reports: $0.reports + $1.reports, example: $1.example) }
        all.beats.merge(later.beats) { max($0, $1) }
        return all
    }

    func write(now: Instant, _ transaction: PostgresTransaction) async throws {
        try await SignalIntervalStore.write(changes, transaction)
        try await RecordingStore.add(spans.mapValues { RecordedSpans($0) }, now: now, transaction)
        try await WatchStore.setOldest(oldest.map { ($0.key, $0.value) }, transaction)
        try await RefusalStore.add(refusals, now: now, transaction)
        for (source, through) in beats { try await HeartbeatStore.beat(source, through: through, transaction) }
    }
}
