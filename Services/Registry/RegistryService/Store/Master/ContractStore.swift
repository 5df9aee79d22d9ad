import Calendar
import Contracts
import Journal
import Postgres

/// Contracts, and what their beginning and end do to the canteen that is served.
enum ContractStore {
    struct Certified: Sendable {
        let institutionId: SchoolID
        let name: String
        let validFrom: LocalDate
        let validTo: LocalDate
    }

    static let columns: SQL = """
        x.id, x.number, x.canteen_id, c.institution_id, k.institution_id AS caterer_id, x.caterer_canteen_id,
        k.licence_number AS caterer_licence, x.starts_on, x.ends_on, x.meals, x.diners, x.choice_reason, x.state,
        x.ended_on, x.end_reason
        """
    static let source: SQL = """
        FROM contract x JOIN canteen c ON c.id = x.canteen_id JOIN canteen k ON k.id = x.caterer_canteen_id
        """

    static func decode(_ row: Row) throws -> CateringContract {
        CateringContract(
            id: try row["id"], number: try row["number"], canteenId: try row["canteen_id"],
            schoolId: try row["institution_id"], catererId: try row["caterer_id"],
            catererCanteenId: try row["caterer_canteen_id"], catererLicence: try row["caterer_licence"],
            startsOn: try row["starts_on"], endsOn: try row["ends_on"], meals: try row["meals"],
            diners: try row["diners"], choiceReason: try row["choice_reason"], state: try row["state"],
            endedOn: try row["ended_on"], endReason: try row["end_reason"])
    }

    static func contracts(
        of canteens: [CanteenID], _ executor: some PostgresExecutor
    ) async throws -> [CateringContract] {
        try await executor.query(
            "SELECT \(columns) \(source) WHERE x.canteen_id = ANY(\(canteens)::text[]) ORDER BY x.starts_on", decode)
    }

    /// Which of these canteens have a contract of any age.
    static func contracted(_ canteens: [CanteenID], _ transaction: PostgresTransaction) async throws -> Set<CanteenID> {
        Set(
            try await transaction.query(
                "SELECT DISTINCT canteen_id FROM contract WHERE canteen_id = ANY(\(canteens)::text[])"
            ) { try $0["canteen_id"] })
    }

    static func certified(_ executor: some PostgresExecutor) async throws -> [Certified] {
        try await executor.query(
            """
            SELECT t.institution_id, i.name, t.valid_from, t.valid_to FROM certificate t
            JOIN institution i ON i.id = t.institution_id ORDER BY i.name
            """
        ) { row in
            Certified(
                institutionId: try row["institution_id"], name: try row["name"], validFrom: try row["valid_from"],
                validTo: try row["valid_to"])
        }
    }

    /// 经营项目 of current licences, where it was recorded.
    static func scopes(
        of canteens: [CanteenID], _ transaction: PostgresTransaction
    ) async throws -> [CanteenID: String] {
        let rows = try await transaction.query(
            """
            SELECT c.id, l.scope FROM canteen c JOIN licence l ON l.canteen_id = c.id AND l.number = c.licence_number
                AND l.issued_on = c.licence_issued_on
            WHERE c.id = ANY(\(canteens)::text[]) AND l.scope IS NOT NULL
            """
        ) { row -> (CanteenID, String) in (try row["id"], try row["scope"]) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// Stores the contracts, sets or clears the caterer of each canteen and publishes what follows.
    static func write(
        _ changes: [ContractLedger.Change], today: LocalDate, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        // Ends first, so that a canteen whose caterer changes on one day ends up with the new one.
        let ordered = changes.sorted { $0.after.state == .ended && $1.after.state != .ended }
        for change in ordered { try await write(change, context, now: now, transaction) }
    }

    private static func write(
        _ change: ContractLedger.Change, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let contract = change.after
        try await transaction.execute(
            """
            INSERT INTO contract (id, number, canteen_id, caterer_canteen_id, starts_on, ends_on, meals, diners,
                                  choice_reason, state, ended_on, end_reason)
            VALUES (\(contract.id), \(contract.number), \(contract.canteenId), \(contract.catererCanteenId),
                    \(contract.startsOn), \(contract.endsOn), \(contract.meals.map(\.rawValue))::text[],
                    \(contract.diners), \(contract.choiceReason), \(contract.state), \(contract.endedOn),
                    \(contract.endReason))
            ON CONFLICT (id) DO UPDATE SET caterer_canteen_id = excluded.caterer_canteen_id,
                starts_on = excluded.starts_on, ends_on = excluded.ends_on, meals = excluded.meals,
                diners = excluded.diners, choice_reason = excluded.choice_reason, state = excluded.state,
                ended_on = excluded.ended_on, end_reason = excluded.end_reason
            """)
        var events: [any Event] = []
        let wasActive = change.before?.state == .active
        switch contract.state {
        case .active:
            if !wasActive || change.before?.catererCanteenId != contract.catererCanteenId {
                events.append(contract.started)
            }
            events += try await deliver(contract.catererLicence, to: contract.canteenId, transaction)
        case .ended:
            if wasActive, let ended = contract.ended { events.append(ended) }
            events += try await stop(contract, transaction)
        case .planned: break
        }
        if events.isEmpty {
            try await transaction.record(
                "brightkitchen.registry.contract.recorded.v1", subject: contract.canteenId.rawValue,
                data: ["contract_id": contract.id.rawValue, "state": contract.state.rawValue], context,
                occurredAt: now)
        }
        try await transaction.publish(events, context, occurredAt: now)
    }

    private static func deliver(
        _ licence: String, to id: CanteenID, _ transaction: PostgresTransaction
    ) async throws -> [any Event] {
        guard var canteen = try await CanteenStore.lock(id, transaction), canteen.catererLicence != licence else {
            return []
        }
        canteen.catererLicence = licence
        try await CanteenStore.save(canteens: [canteen], transaction)
        return [canteen.changed]
    }

    /// The canteen has no caterer any more, unless another contract of it is in force.
    private static func stop(
        _ contract: CateringContract, _ transaction: PostgresTransaction
    ) async throws -> [any Event] {
        let isServed = try await transaction.first(
            "SELECT count(*) AS n FROM contract WHERE canteen_id = \(contract.canteenId) AND state = 'active'"
        ) { row -> Int in try row["n"] }
        guard isServed == 0, var canteen = try await CanteenStore.lock(contract.canteenId, transaction),
            canteen.catererLicence == contract.catererLicence
        else { return [] }
        canteen.catererLicence = nil
        try await CanteenStore.save(canteens: [canteen], transaction)
        return [canteen.changed]
    }

    /// Contracts that this day begins or ends, or whose caterer has lost its licence; locked.
    static func due(
        on day: LocalDate, limit: Int, _ transaction: PostgresTransaction
    ) async throws -> [(contract: CateringContract, licenceEndedOn: LocalDate?)] {
        try await transaction.query(
            """
            SELECT \(columns), k.licence_ended_on \(source)
            WHERE x.state <> 'ended' AND ((x.state = 'planned' AND x.starts_on <= \(day)) OR x.ends_on < \(day)
                                          OR k.licence_state <> 'valid')
            ORDER BY x.ends_on NULLS LAST, x.id LIMIT \(limit) FOR UPDATE OF x
            """
        ) { (try decode($0), try $0["licence_ended_on"]) }
    }
}
