import Concurrency
import Contracts
import Journal
import Postgres

/// What the registry tells: organs, canteens and who works where.
struct RegistryConsumers: Sendable {
    let clock: any WallClock
    let bulletins: BulletinDesk
    let webhooks: WebhookOutbox
    let selfChecks: SelfCheckConsumers

    var subscriptions: [Subscription] {
        [
            .on(OrganRegistered.self) { event, transaction in try await organRegistered(event, transaction) },
            .on(CanteenPlanned.self) { received, transaction in
                try await take(Canteen(received.event), received.context, transaction)
            },
            .on(CanteenRegistered.self) { received, transaction in
                try await take(Canteen(received.event), received.context, transaction)
            },
            .on(CanteenChanged.self) { received, transaction in
                try await take(Canteen(received.event), received.context, transaction)
            },
            .on(CalendarLoaded.self) { received, transaction in try await calendarLoaded(received, transaction) },
            .on(StaffAppointed.self) { received, transaction in
                try await RegistryStore.save(received.event, transaction)
            },
            .on(StaffDismissed.self) { received, transaction in
                try await RegistryStore.end(received.event, transaction)
            },
        ]
    }

    /// Working days are counted on it, and deadlines that were only guessed are counted again.
    func calendarLoaded(
        _ received: ReceivedEvent<CalendarLoaded>, _ transaction: PostgresTransaction
    ) async throws {
        try await HolidayStore.save(received.event, transaction)
        try await BulletinDeadlineRefresh.run(received.context, now: clock.now(), transaction)
    }

    func organRegistered(
        _ received: ReceivedEvent<OrganRegistered>, _ transaction: PostgresTransaction
    ) async throws {
        let event = received.event
        try await RegistryStore.save(event, at: received.occurredAt, transaction)
        let organ = Organ(
            id: event.organId, name: event.name, department: event.department, level: event.level,
            divisionCode: event.divisionCode, parentOrganId: event.parentOrganId)
        try await bulletins.retry(organ: organ, received.context, transaction)
    }

    func take(_ canteen: Canteen, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        let now = clock.now()
        try await RegistryStore.save(canteen, at: now, transaction)
        try await bulletins.retry(canteen: canteen.id, context, transaction)
        try await webhooks.canteenChanged(canteen, now: now, transaction)
        try await selfChecks.catchUp(canteen, context, transaction)
    }
}

extension Canteen {
    /// Without a licence yet; notices and bulletins about it go where those about every other canteen go.
    init(_ event: CanteenPlanned) {
        self.init(
            id: event.canteenId, name: event.name, schoolId: event.schoolId, schoolName: event.schoolName,
            schoolType: event.schoolType, isCaterer: event.isCaterer, divisionCode: event.divisionCode,
            cityDirect: event.cityDirect, stationOrganId: event.stationOrganId, countyOrganId: event.countyOrganId,
            cityOrganId: event.cityOrganId, supervisingDepartment: event.supervisingDepartment,
            supervisingOrganId: event.supervisingOrganId)
    }

    init(_ event: CanteenRegistered) {
        self.init(
            id: event.canteenId, name: event.name, schoolId: event.schoolId, schoolName: event.schoolName,
            schoolType: event.schoolType, isCaterer: event.isCaterer, divisionCode: event.divisionCode,
            cityDirect: event.cityDirect, stationOrganId: event.stationOrganId, countyOrganId: event.countyOrganId,
            cityOrganId: event.cityOrganId, supervisingDepartment: event.supervisingDepartment,
            supervisingOrganId: event.supervisingOrganId)
    }

    init(_ event: CanteenChanged) {
        self.init(
            id: event.canteenId, name: event.name, schoolId: event.schoolId, schoolName: event.schoolName,
            schoolType: event.schoolType, isCaterer: event.isCaterer, divisionCode: event.divisionCode,
            cityDirect: event.cityDirect, stationOrganId: event.stationOrganId, countyOrganId: event.countyOrganId,
            cityOrganId: event.cityOrganId, supervisingDepartment: event.supervisingDepartment,
            supervisingOrganId: event.supervisingOrganId)
    }
}
