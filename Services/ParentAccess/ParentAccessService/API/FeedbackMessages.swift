import Calendar
import Contracts

/// Body of a supervisor's decision.
struct FeedbackDecision: Decodable, Sendable {
    /// forward, refuse, confirm or close.
    let decision: String
    /// forward: what the school is given; refuse: why; confirm: what was found; close: a remark.
    let text: String?
    let withPhotos: Bool?
    let zone: ZoneCode?
    let severity: Int?
}

struct FeedbackReply: Decodable, Sendable {
    let text: String
}

/// Feedback as its reporter sees it.
struct OwnFeedback: Encodable, Sendable {
    let feedbackId: FeedbackID
    let canteenId: CanteenID
    let kind: FeedbackKind
    let zone: ZoneCode?
    let status: FeedbackState
    let receivedAt: Instant
    let updatedAt: Instant
    let decideBy: LocalDate?
    let answer: String?
    let outcome: ProblemOutcome?
    let photos: Int
    let words: String?
    let steps: [FeedbackStep]?

    init(_ record: FeedbackRecord, words: String? = nil, steps: [FeedbackStep]? = nil) {
        feedbackId = record.feedbackId
        canteenId = record.canteenId
        kind = record.kind
        zone = record.zone
        status = record.state
        receivedAt = record.receivedAt
        updatedAt = record.updatedAt
        decideBy = record.decideBy
        answer = record.answer
        outcome = record.outcome
        photos = record.photos
        self.words = words
        self.steps = steps
    }
}

/// Feedback as the supervisors see it: with the words, without the reporter.
struct SupervisedFeedback: Encodable, Sendable {
    let feedbackId: FeedbackID
    let canteenId: CanteenID
    let schoolId: SchoolID
    let kind: FeedbackKind
    let zone: ZoneCode?
    let status: FeedbackState
    let receivedAt: Instant
    let updatedAt: Instant
    let decideBy: LocalDate?
    let answerBy: LocalDate?
    let isLate: Bool
    let passedOn: String?
    let answer: String?
    let outcome: ProblemOutcome?
    let photos: Int
    let words: String?
    let steps: [FeedbackStep]?

    init(_ record: FeedbackRecord, now: Instant, words: String? = nil, steps: [FeedbackStep]? = nil) {
        feedbackId = record.feedbackId
        canteenId = record.canteenId
        schoolId = record.schoolId
        kind = record.kind
        zone = record.zone
        status = record.state
        receivedAt = record.receivedAt
        updatedAt = record.updatedAt
        decideBy = record.decideBy
        answerBy = record.answerBy
        isLate = record.isLate(at: now)
        passedOn = record.passedOn
        answer = record.answer
        outcome = record.outcome
        photos = record.photos
        self.words = words
        self.steps = steps
    }
}

/// Feedback as the school sees it: what was passed on. The day, not the minute, so that nobody is found out by it.
struct SchoolFeedback: Encodable, Sendable {
    let feedbackId: FeedbackID
    let canteenId: CanteenID
    let kind: FeedbackKind
    let zone: ZoneCode?
    let status: FeedbackState
    let receivedOn: LocalDate
    let updatedAt: Instant
    let answerBy: LocalDate?
    let isLate: Bool
    let text: String?
    let photos: Int
    let answer: String?
    let outcome: ProblemOutcome?

    init(_ record: FeedbackRecord, now: Instant) {
        feedbackId = record.feedbackId
        canteenId = record.canteenId
        kind = record.kind
        zone = record.zone
        status = record.state
        receivedOn = LocalDate(record.receivedAt)
        updatedAt = record.updatedAt
        answerBy = record.answerBy
        isLate = record.isLate(at: now)
        text = record.passedOn
        photos = record.passesPhotos ? record.photos : 0
        answer = record.answer
        outcome = record.outcome
    }
}
