import Journal

/// Everything this service learns from the others.
enum PatrolSubscriptions {
    static let all: [Subscription] = [
        .organs, .canteensPlanned, .canteensRegistered, .canteensChanged, .licencesRevoked, .camerasRegistered,
        .camerasChanged,
        .staffAppointed, .staffDismissed, .viewsStarted, .viewsEnded, .mealCalendars, .accessOverdue,
        .accessConnected, .accessCancelled, .completeness, .coverage, .feedbackReceived, .feedbackAnswered,
    ]
}
