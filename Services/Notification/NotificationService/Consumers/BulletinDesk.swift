import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Issues automatic bulletins: one per found problem and per canteen not connected in time, numbered, published complete on the receiving department's topic.
struct BulletinDesk: Sendable {
    let clock: any WallClock
    let webhooks: WebhookOutbox

    /// Writes the bulletin of a finding and issues it, or lets it wait for its receiver.
    func draft(_ received: ReceivedEvent<ProblemFound>, _ transaction: PostgresTransaction) async throws {
        let isNew = try await BulletinStore.draft(
            for: received.event, eventId: received.id.rawValue, now: clock.now(), transaction)
        guard isNew else { return }
        try await retry(canteen: received.event.canteenId, received.context, transaction)
    }

    /// Writes the bulletin of a canteen that was not connected in time (art 5) and issues it, or lets it wait.
    func draft(_ received: ReceivedEvent<AccessOverdue>, _ transaction: PostgresTransaction) async throws {
        let isNew = try await BulletinStore.draft(
            for: received.event, eventId: received.id.rawValue, now: clock.now(), transaction)
        guard isNew else { return }
        try await retry(canteen: received.event.canteenId, received.context, transaction)
    }

    /// The registry told about a canteen: its waiting bulletins are tried again.
    func retry(canteen: CanteenID, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        for waiting in try await BulletinStore.waiting(canteen: canteen, transaction) {
            try await issue(waiting, context, transaction)
        }
    }

    /// The registry told about an organ: bulletins that may have waited for it are tried again.
    func retry(organ: Organ, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        for waiting in try await BulletinStore.waiting(for: organ, transaction) {
            try await issue(waiting, context, transaction)
        }
    }

    private func issue(
        _ waiting: BulletinStore.Waiting, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        let basis = waiting.basis
        let knowledge = try await knowledge(about: waiting.canteenId, finder: basis.findingOrganId, transaction)
        let route = BulletinRouting.route(findingOrganId: basis.findingOrganId, knowledge: knowledge)
        guard case .issue(let issuer, let receiver) = route, let canteen = knowledge.canteen else {
            if case .wait(let reason) = route {
                try await BulletinStore.keepWaiting(waiting.bulletinId, for: reason, transaction)
            }
            return
        }
        let now = clock.now()
        // The counter's row is locked from here to the commit: nothing but inserts follows.
        let number = try await BulletinStore.nextNumber(issuer: issuer, at: now, transaction)
        let bulletin = BulletinIssued(
            bulletinId: waiting.bulletinId, number: number, issuingOrganId: issuer.id, issuingOrganName: issuer.name,
            receivingOrganId: receiver.id, receivingOrganName: receiver.name, department: receiver.department,
            cause: basis.cause, canteenId: canteen.id, canteenName: canteen.name, schoolId: canteen.schoolId,
            schoolName: canteen.schoolName, schoolType: canteen.schoolType, divisionCode: canteen.divisionCode,
            cityDirect: canteen.cityDirect, problemId: basis.problem?.problemId, zone: basis.problem?.zone,
            itemCode: basis.problem?.itemCode, itemText: basis.problem?.itemText, severity: basis.problem?.severity,
            facts: basis.facts(canteen), evidence: basis.problem?.evidence ?? [],
            requirement: basis.requirement, dueAt: basis.dueAt, issuedAt: now)
        try await BulletinStore.save(bulletin, transaction)
        let eventId = try await transaction.publish(bulletin, context, occurredAt: now)
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: .bulletinReceived, eventId: eventId.rawValue, canteenId: canteen.id, occurredAt: now,
                isOpen: true, dueAt: basis.dueAt),
            about: .bulletin(waiting.bulletinId), to: .organ(receiver.id), context, now: now, transaction)
        try await webhooks.offer(bulletin, id: eventId, context, now: now, transaction)
    }

    private func knowledge(
        about id: CanteenID, finder: OrganID?, _ transaction: PostgresTransaction
    ) async throws -> BulletinRouting.Knowledge {
        guard let canteen = try await RegistryStore.canteen(id, transaction) else {
            return BulletinRouting.Knowledge()
        }
        let ids = [finder, canteen.countyOrganId, canteen.cityOrganId, canteen.supervisingOrganId].compactMap { $0 }
        return BulletinRouting.Knowledge(
            canteen: canteen, organs: try await RegistryStore.organs(ids, transaction),
            bureaus: try await RegistryStore.bureaus(
                canteen.supervisingDepartment, division: canteen.divisionCode, transaction))
    }
}
