import Contracts
import Journal
import Postgres

/// The registry's events that decide who may watch what.
enum RegistryProjection {
    /// - Parameter changed: called in each handler's transaction; tells the live state after the commit.
    static func subscriptions(_ changed: @escaping @Sendable (PostgresTransaction) -> Void) -> [Subscription] {
        [
            .on(OrganRegistered.self) { received, tx in
                try await ProjectionStore.save(received.event, tx)
            },
            .on(CanteenPlanned.self) { received, tx in
                try await ProjectionStore.save(ProjectionStore.CanteenRow(received.event), tx)
                changed(tx)
            },
            .on(CanteenRegistered.self) { received, tx in
                try await ProjectionStore.save(ProjectionStore.CanteenRow(received.event), tx)
                changed(tx)
            },
            .on(CanteenChanged.self) { received, tx in
                try await ProjectionStore.save(ProjectionStore.CanteenRow(received.event), tx)
                changed(tx)
            },
            .on(LicenceRevoked.self) { received, tx in
                let event = received.event
                try await ProjectionStore.revokeLicence(event.canteenId, number: event.licenceNumber, tx)
                changed(tx)
            },
            .on(CameraRegistered.self) { received, tx in
                let event = received.event
                try await ProjectionStore.save(CameraFacts(event), enabledOn: event.enabledOn, tx)
                changed(tx)
            },
            .on(CameraStatusChanged.self) { received, tx in
                let event = received.event
                try await ProjectionStore.save(CameraFacts(event), enabledOn: event.enabledOn, tx)
                changed(tx)
            },
            .on(MealCalendarChanged.self) { received, tx in
                try await SchoolStore.save(received.event, tx)
                changed(tx)
            },
            .on(ContractStarted.self) { received, tx in
                try await SchoolStore.save(received.event, tx)
                changed(tx)
            },
            .on(ContractEnded.self) { received, tx in
                try await SchoolStore.end(received.event, tx)
                changed(tx)
            },
            .on(StaffAppointed.self) { received, tx in
                try await ProjectionStore.appoint(received.event.personId, received.event.role, tx)
                changed(tx)
            },
            .on(StaffDismissed.self) { received, tx in
                let event = received.event
                try await ProjectionStore.dismiss(event.personId, event.role, on: event.endedOn, tx)
                changed(tx)
            },
        ]
    }
}
