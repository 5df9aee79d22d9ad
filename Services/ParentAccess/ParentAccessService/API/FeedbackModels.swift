import ServiceKit

// What the templates about feedback see.

struct FeedbackRow: Sendable {
    let path: String
    let kind: String
    let canteen: String
    let state: String
    let stateClass: String
    let date: String
    let due: String?
    let isLate: Bool
}

struct FeedbackListModel: Sendable {
    let rows: [FeedbackRow]
    let hasRows: Bool
    let newPath: String?
    let filters: [FormField.Option]
    let path: String
    let pager: Pager?
}

struct FeedbackStepLine: Sendable {
    let time: String
    let text: String
    let note: String?
}

struct FeedbackPhotoLink: Sendable {
    let path: String
    let label: String
}

struct FeedbackDetailModel: Sendable {
    let kind: String
    let canteen: String
    let zone: String?
    let state: String
    let stateClass: String
    let date: String
    let due: String?
    let isLate: Bool
    let words: String?
    let passedOn: String?
    let answer: String?
    let outcome: String?
    let photos: [FeedbackPhotoLink]
    let hasPhotos: Bool
    let steps: [FeedbackStepLine]
    let hasSteps: Bool
    /// Forms of whoever looks; nil where there is nothing to do.
    let decision: FeedbackDecisionModel?
    let answerForm: FeedbackAnswerModel?
    let problemPath: String?
}

struct FeedbackDecisionModel: Sendable {
    let path: String
    let forward: FormField?
    let hasPhotos: Bool
    let refuse: FormField?
    let confirm: [FormField]
    let canConfirm: Bool
    let close: FormField?
}

struct FeedbackAnswerModel: Sendable {
    let path: String
    let field: FormField
}

struct FeedbackFormModel: Sendable {
    let fields: [FormField]
    let fault: String?
    let photosAtMost: String
}
