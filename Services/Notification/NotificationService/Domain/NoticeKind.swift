/// What a notice is about.
enum NoticeKind: String, Codable, CaseIterable, Sendable {
    case problemFound = "problem_found"
    case problemAcknowledged = "problem_acknowledged"
    case rectificationSubmitted = "rectification_submitted"
    case rectificationReturned = "rectification_returned"
    case rectificationAccepted = "rectification_accepted"
    case problemOverdue = "problem_overdue"
    case severityChanged = "severity_changed"
    case problemClosed = "problem_closed"
    case bulletinReceived = "bulletin_received"
    case bulletinUrged = "bulletin_urged"
    /// Its answer is overdue: told to the receiver and to the issuer.
    case bulletinOverdue = "bulletin_overdue"
    /// Told to the organs above.
    case bulletinEscalated = "bulletin_escalated"
    case bulletinAnswered = "bulletin_answered"
    case bulletinClosed = "bulletin_closed"
    case endpointPaused = "endpoint_paused"
    /// The ten working days of art 5 began.
    case accessDue = "access_due"
    case accessReminded = "access_reminded"
    case accessRecomputed = "access_recomputed"
    case accessOverdue = "access_overdue"
    case accessConnected = "access_connected"
    /// The clock ended without a connection: licence revoked, canteen closed.
    case accessCancelled = "access_cancelled"
    /// A class 1 alert of a machine that no person has looked at yet.
    case alertRaised = "alert_raised"
    case alertConfirmed = "alert_confirmed"
    case alertFalse = "alert_false"
    /// A person looked, and could not tell.
    case alertUnknown = "alert_unknown"
    /// 公安备案 of a camera falls due, is late, is done.
    case filingDue = "filing_due"
    case filingOverdue = "filing_overdue"
    case filingDone = "filing_done"
    /// 自查 of a period is due, was missed, was submitted, is not owed.
    case selfCheckDue = "self_check_due"
    case selfCheckMissed = "self_check_missed"
    case selfCheckSubmitted = "self_check_submitted"
    case selfCheckExempt = "self_check_exempt"
    /// The recipient itself did not acknowledge in time.
    case reminder
    /// Somebody below did not acknowledge in time.
    case escalated
}
