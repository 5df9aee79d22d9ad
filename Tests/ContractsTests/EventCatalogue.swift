import Contracts

/// Every event type of the product. `EventCatalogueTests` fails when one is declared and missing here.
enum EventCatalogue {
    static let types: [any Event.Type] = [
        // registry
        CanteenRegistered.self, CanteenChanged.self, LicenceRevoked.self, CameraRegistered.self,
        CameraStatusChanged.self, OrganRegistered.self, StaffAppointed.self, StaffDismissed.self,
        // disclosure
        ItemPublished.self, CompletenessChanged.self,
        // patrol ledger
        PatrolClosed.self, VisitRecorded.self, EvidenceSealed.self, LedgerAppended.self, WeekSatisfied.self,
        WeekMissed.self, WeekExempt.self, ProblemFound.self, ProblemAcknowledged.self, RectificationSubmitted.self,
        RectificationReturned.self, RectificationAccepted.self, ProblemClosed.self,
        // notification
        BulletinIssued.self, NoticeCreated.self, NoticeRead.self, EndpointPaused.self,
        // parent access
        RepresentativeInvited.self, RepresentativeActivated.self, GrantCreated.self, GrantRevoked.self,
        TicketRefused.self, ViewStarted.self, ViewEnded.self,
    ]

    static let names = types.map { $0.type }

    static func type(named name: String) -> (any Event.Type)? { types.first { $0.type == name } }
}
