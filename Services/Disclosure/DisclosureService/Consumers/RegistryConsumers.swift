import Contracts
import Journal
import Postgres

/// What the registry tells: canteens with their licences, and cameras for the count.
struct RegistryConsumers: Sendable {
    let licences: LicencePublisher

    var subscriptions: [Subscription] {
        [
            .on(CanteenPlanned.self) { received, transaction in
                try await save(CanteenFacts(received.event), received.context, transaction)
            },
            .on(CanteenRegistered.self) { received, transaction in
                try await save(CanteenFacts(received.event), received.context, transaction)
            },
            .on(CanteenChanged.self) { received, transaction in
                try await save(CanteenFacts(received.event), received.context, transaction)
            },
            .on(LicenceRevoked.self) { received, transaction in
                try await licences.apply(received.event, received.context, transaction)
            },
            .on(CameraRegistered.self) { received, transaction in
                let camera = received.event
                try await CanteenStore.saveCamera(
                    camera.cameraId, of: camera.canteenId, zone: camera.zone, status: camera.status, transaction)
            },
            .on(CameraStatusChanged.self) { received, transaction in
                let camera = received.event
                try await CanteenStore.saveCamera(
                    camera.cameraId, of: camera.canteenId, zone: camera.zone, status: camera.status, transaction)
            },
        ]
    }

    private func save(
        _ facts: CanteenFacts, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        try await CanteenStore.save(facts, transaction)
        try await licences.apply(facts, context, transaction)
        try await licences.recount(facts.canteenId, context, transaction)
    }
}
