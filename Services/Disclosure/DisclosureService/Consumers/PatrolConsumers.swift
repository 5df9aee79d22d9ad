import Contracts
import Journal

/// What the patrol ledger tells about problems. Patrols themselves are not public, so nothing of a flying check shows
/// before its findings are told (order 49 art 46).
struct PatrolConsumers: Sendable {
    let selfChecks: SelfCheckPublisher

    var subscriptions: [Subscription] {
        [
            .on(ProblemFound.self) { received, transaction in
                try await ProblemStore.save(received.event, transaction)
            },
            .on(RectificationSubmitted.self) { received, transaction in
                try await ProblemStore.submit(received.event, transaction)
            },
            .on(RectificationReturned.self) { received, transaction in
                let event = received.event
                try await ProblemStore.move(event.problemId, of: event.canteenId, to: .returned, transaction)
            },
            .on(RectificationAccepted.self) { received, transaction in
                let event = received.event
                try await ProblemStore.move(event.problemId, of: event.canteenId, to: .accepted, transaction)
            },
            .on(SelfCheckSubmitted.self) { received, transaction in
                try await selfChecks.apply(received.event, received.context, transaction)
            },
            .on(ProblemClosed.self) { received, transaction in
                try await ProblemStore.close(received.event, transaction)
            },
        ]
    }
}
