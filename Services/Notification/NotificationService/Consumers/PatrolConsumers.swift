import Contracts
import Journal
import Postgres

/// What the patrol ledger tells about problems.
struct PatrolConsumers: Sendable {
    let desk: ProblemDesk

    var subscriptions: [Subscription] {
        [
            .on(ProblemFound.self) { received, transaction in try await desk.open(received, transaction) },
            .on(ProblemAcknowledged.self) { received, transaction in
                let event = received.event
                try await desk.take(
                    received, kind: .problemAcknowledged, problem: event.problemId, canteen: event.canteenId,
                    school: event.schoolId, transaction)
            },
            .on(RectificationSubmitted.self) { received, transaction in
                let event = received.event
                try await desk.take(
                    received, kind: .rectificationSubmitted, problem: event.problemId, canteen: event.canteenId,
                    school: event.schoolId, transaction)
            },
            .on(RectificationReturned.self) { received, transaction in
                let event = received.event
                try await desk.take(
                    received, kind: .rectificationReturned, problem: event.problemId, canteen: event.canteenId,
                    school: event.schoolId, transaction)
            },
            .on(RectificationAccepted.self) { received, transaction in
                let event = received.event
                try await desk.take(
                    received, kind: .rectificationAccepted, problem: event.problemId, canteen: event.canteenId,
                    school: event.schoolId, transaction)
            },
            .on(ProblemOverdue.self) { received, transaction in try await desk.overdue(received, transaction) },
            .on(ProblemSeverityChanged.self) { received, transaction in
                try await desk.changeSeverity(received, transaction)
            },
            .on(ProblemClosed.self) { received, transaction in
                let event = received.event
                try await desk.take(
                    received, kind: .problemClosed, problem: event.problemId, canteen: event.canteenId,
                    school: event.schoolId, transaction)
            },
        ]
    }
}
