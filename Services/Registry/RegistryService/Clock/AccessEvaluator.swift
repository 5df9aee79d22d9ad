import Calendar
import Contracts
import Journal
import Postgres

/// Brings canteens up to date with everything known about them: reads, asks the pure clock, writes rows, tallies,
/// history and events in the caller's transaction.
struct AccessEvaluator: Sendable {
    let rule: AccessRule
    let calendars: CalendarSource

    /// What a person does on top of the evaluation. Throws to refuse; then nothing changes.
    typealias Decision = @Sendable (inout AccessRecord, AccessClock) throws -> [AccessClock.Change]

    /// The records after the evaluation. `decision` is applied to each of them.
    @discardableResult
    func evaluate(
        _ ids: [CanteenID], _ context: EventContext, now: Instant, by actor: PersonID? = nil,
        decision: Decision? = nil, _ transaction: PostgresTransaction
    ) async throws -> [AccessRecord] {
        let ids = Set(ids).sorted { $0.rawValue < $1.rawValue }
        guard !ids.isEmpty else { return [] }
        let records = try await AccessStore.lock(ids, transaction)
        // Read after the lock: whoever was faster has committed.
        let canteens = try await transaction.query(
            """
            SELECT \(CanteenStore.columns) \(CanteenStore.source) WHERE c.id = ANY(\(ids)::text[]) ORDER BY c.id
            """, CanteenStore.decode)
        let edition = try await calendars.current(transaction)
        let tested = canteens.filter { records[$0.id]?.state != .connected }.map(\.id)
        let facts = try await ConnectionFactsQuery(rule: rule).facts(
            of: canteens, tested: Set(tested), now: now, transaction)
        let clock = AccessClock(rule: rule, calendar: edition.calendar, calendarVersion: edition.number, now: now)
        let outlet = AccessEvents(rule: rule, now: now, actor: actor)
        var batch = Batch()
        for canteen in canteens {
            let before = records[canteen.id]
            var record =
                before
                ?? AccessRecord(
                    canteenId: canteen.id, registeredOn: LocalDate(now), facts: AccessRecord.Facts(canteen))
            record.facts = AccessRecord.Facts(canteen)
            var changes: [AccessClock.Change] = []
            if let facts = facts[canteen.id] { changes = clock.evaluate(&record, canteen, facts) }
            if let decision {
                changes += try decision(&record, clock)
                // What the decision leads to, e.g. a clock that starts after all.
                if let facts = facts[canteen.id] { changes += clock.evaluate(&record, canteen, facts) }
            }
            guard record != before else { continue }
            batch.note(before, record)
            batch.events += outlet.events(changes, record, canteen)
            batch.history += outlet.history(changes, record).map { (canteen.id, $0.kind, $0.detail) }
        }
        try await AccessStore.save(batch.saved, transaction)
        try await TallyStore.apply(batch.differences, on: LocalDate(now), transaction)
        try await AccessStore.remember(batch.history, at: now, transaction)
        try await transaction.publish(batch.events, context, occurredAt: now)
        let saved = Dictionary(batch.saved.map { ($0.canteenId, $0) }, uniquingKeysWith: { $1 })
        return canteens.compactMap { saved[$0.id] ?? records[$0.id] }
    }

    private struct Batch {
        var saved: [AccessRecord] = []
        var differences: [AccessTally.Key: AccessTally] = [:]
        var events: [any Event] = []
        var history: [(canteen: CanteenID, kind: String, detail: [String: String])] = []

        mutating func note(_ before: AccessRecord?, _ after: AccessRecord) {
            saved.append(after)
            if let before { differences[AccessTally.Key(before.facts), default: AccessTally()] -= AccessTally(before) }
            differences[AccessTally.Key(after.facts), default: AccessTally()] += AccessTally(after)
        }
    }
}

extension AccessRecord.Facts {
    init(_ canteen: Canteen) {
        self.init(
            canteenName: canteen.name, schoolId: canteen.institution.id, schoolName: canteen.institution.name,
            divisionCode: canteen.institution.divisionCode, stationOrganId: canteen.assignment.station,
            countyOrganId: canteen.assignment.county, cityOrganId: canteen.assignment.city,
            supervisingOrganId: canteen.assignment.supervising,
            supervisingDepartment: canteen.institution.department, operating: canteen.operating,
            isCaterer: canteen.institution.isCaterer)
    }
}
