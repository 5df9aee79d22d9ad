/// What a notice is about.
enum NoticeKind: String, Codable, CaseIterable, Sendable {
    case problemFound = "problem_found"
    case problemAcknowledged = "problem_acknowledged"
    case rectificationSubmitted = "rectification_submitted"
    case rectificationReturned = "rectification_returned"
    case rectificationAccepted = "rectification_accepted"
    case problemClosed = "problem_closed"
    case bulletinReceived = "bulletin_received"
    case endpointPaused = "endpoint_paused"
}
