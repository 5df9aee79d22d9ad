/// What a person wants to be told at one address.
enum ContactMode: String, Codable, CaseIterable, Sendable {
    /// Every notice of the person's inboxes.
    case all
    /// Class 1 and reminders only.
    case urgent
    /// Class 1 and reminders at once, everything else once a day.
    case digest
}
