/// Every event type of the contracts. A type that is not here is unknown to this program, not merely unsubscribed.
public enum EventCatalogue {
    public static let all: [any Event.Type] = [
        // Disclosure
        AdditiveRefused.self, AppealDecided.self, AppealFiled.self, CompletenessChanged.self, ItemExpired.self,
        ItemExpiring.self, ItemPublished.self, ItemReturned.self, ItemSubmitted.self, ItemSuperseded.self,
        ItemWithdrawn.self, MenuPublished.self, ReplyPublished.self,
        // Notification
        BulletinAnswered.self, BulletinClosed.self, BulletinEscalated.self, BulletinIssued.self,
        BulletinReceipted.self, BulletinUrged.self, EndpointPaused.self, EndpointRecovered.self, NoticeCreated.self,
        NoticeEscalated.self, NoticeRead.self,
        // ParentAccess
        FeedbackAnswered.self, FeedbackConfirmed.self, FeedbackReceived.self, GrantExpired.self,
        GrantCreated.self, GrantRevoked.self, RepresentativeActivated.self, RepresentativeInvited.self,
        TicketRefused.self, ViewEnded.self, ViewStarted.self,
        // PatrolLedger
        EvidenceSealed.self, LedgerAppended.self, PatrolClosed.self, ProblemAcknowledged.self, ProblemClosed.self,
        ProblemFound.self, RectificationAccepted.self, RectificationReturned.self, RectificationSubmitted.self,
        EvidenceReviewed.self, EvidenceHeld.self, EvidenceReleased.self, EvidenceDisposed.self,
        EvidenceIntegrityFailed.self, ProblemSeverityChanged.self, ProblemOverdue.self, ProblemDeadlineExtended.self,
        WarningIssued.self, WarningLifted.self, DrawAnnounced.self, DrawPublished.self, AlertRaised.self,
        AlertDecided.self,
        VisitRecorded.self, WeekExempt.self, WeekMissed.self, WeekSatisfied.self,
        SelfCheckDue.self, SelfCheckExempt.self, SelfCheckMissed.self, SelfCheckSubmitted.self,
        // Registry
        AccessChanged.self, AccessConnected.self, AccessDue.self, AccessOverdue.self, AccessReminded.self,
        CalendarLoaded.self, DeadlineRecomputed.self,
        CameraFilingChanged.self, CameraRegistered.self, CameraStatusChanged.self, CanteenChanged.self,
        CanteenPlanned.self, CanteenRegistered.self,
        CoverageBelowMinimum.self, FaultDetected.self, FaultEscalated.self, FaultStateChanged.self,
        IncidentEnded.self, IncidentStarted.self,
        ContractEnded.self, ContractStarted.self, LicenceChanged.self, LicenceIssued.self, LicenceRevoked.self,
        MealCalendarChanged.self, OrganRegistered.self, StaffAppointed.self, StaffDismissed.self,
    ]

    public static let types: Set<String> = Set(all.map { $0.type })
}
