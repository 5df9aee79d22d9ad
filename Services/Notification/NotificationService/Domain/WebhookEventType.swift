import Contracts

/// The event types an endpoint may subscribe to.
enum WebhookEventType {
    /// Sent by the "test" button only.
    static let test = "brightkitchen.notification.endpoint.test.v1"

    static let all: [String] = [
        BulletinIssued.type, BulletinReceipted.type, BulletinAnswered.type, BulletinUrged.type, BulletinEscalated.type,
        BulletinClosed.type, ProblemFound.type, ProblemAcknowledged.type, RectificationSubmitted.type,
        RectificationReturned.type, RectificationAccepted.type, ProblemOverdue.type, ProblemSeverityChanged.type,
        ProblemClosed.type,
    ]

    /// The types of `wanted` that do not exist.
    static func unknown(in wanted: [String]) -> [String] {
        wanted.filter { !all.contains($0) }
    }
}
