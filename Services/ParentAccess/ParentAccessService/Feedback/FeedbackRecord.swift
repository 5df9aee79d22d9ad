import Calendar
import Contracts
import Postgres

/// Feedback as it stands, without the reporter's words.
struct FeedbackRecord: Sendable {
    let feedbackId: FeedbackID
    let canteenId: CanteenID
    let canteenName: String
    let schoolId: SchoolID
    let schoolName: String
    /// Nil after the reporter's account was erased. Never shown to the school.
    let representativeId: RepresentativeID?
    let kind: FeedbackKind
    let zone: ZoneCode?
    let state: FeedbackState
    let receivedAt: Instant
    let updatedAt: Instant
    /// Last day, inclusive; nil where the calendar of that year is not known.
    let decideBy: LocalDate?
    let answerBy: LocalDate?
    /// The text that the school was given.
    let passedOn: String?
    let passesPhotos: Bool
    let answer: String?
    let answeredAt: Instant?
    let outcome: ProblemOutcome?
    let photos: Int

    /// Nobody is late on a deadline that is not known.
    func isLate(at now: Instant) -> Bool {
        let today = LocalDate(now)
        switch state {
        case .received: return decideBy.map { today > $0 } ?? false
        case .forwarded: return answerBy.map { today > $0 } ?? false
        default: return false
        }
    }

    static let select: SQL = """
        SELECT f.*, c.name AS canteen_name, c.school_name,
            (SELECT count(*) FROM feedback_photo p WHERE p.feedback_id = f.feedback_id) AS photos
        FROM feedback f JOIN canteen c USING (canteen_id)
        """

    @Sendable init(row: Row) throws {
        feedbackId = try row["feedback_id"]
        canteenId = try row["canteen_id"]
        canteenName = try row["canteen_name"]
        schoolId = try row["school_id"]
        schoolName = try row["school_name"]
        representativeId = try row["representative_id"]
        kind = try row["kind"]
        zone = try row["zone"]
        state = try row["state"]
        receivedAt = try row["received_at"]
        updatedAt = try row["updated_at"]
        decideBy = try row["decide_by"]
        answerBy = try row["answer_by"]
        passedOn = try row["passed_on"]
        passesPhotos = try row["passes_photos"]
        answer = try row["answer"]
        answeredAt = try row["answered_at"]
        outcome = try row["outcome"]
        photos = try row["photos"]
    }
}

/// One line of the history.
struct FeedbackStep: Encodable, Sendable {
    let step: String
    let at: Instant
    let byKind: String
    let note: String?
}
