import Calendar

/// Which deadline of a problem concerns whom now.
enum InboxDeadline {
    /// The school: first the acknowledgement, then the rectification, nothing while the organ has the word.
    /// The organ: the rectification it watches over.
    static func due(
        for recipient: Recipient, in state: ThreadState, acknowledgeBy: Instant?, rectifyBy: Instant?
    ) -> Instant? {
        switch (state, recipient) {
        case (.closed, _), (.accepted, _): nil
        case (.found, .school): acknowledgeBy ?? rectifyBy
        case (.submitted, .school): nil
        default: rectifyBy
        }
    }
}
