import Contracts
import ServiceKit

/// Turns feedback into what the templates show; each audience gets its own cut.
struct FeedbackPresenter: Sendable {
    let pages: Pages

    func row(_ record: FeedbackRecord, path: String, _ context: BrightContext) -> FeedbackRow {
        FeedbackRow(
            path: "\(path)/\(record.feedbackId)", kind: pages.label(record.kind, context),
            canteen: "\(record.schoolName) \(record.canteenName)", state: state(record, context),
            stateClass: Self.pill(record.state), date: LocalTime.day(record.receivedAt), due: due(record, context),
            isLate: record.isLate(at: context.now))
    }

    func filters(_ chosen: FeedbackState?, _ context: BrightContext) -> [FormField.Option] {
        FeedbackState.allCases.map {
            FormField.Option(
                value: $0.rawValue, label: pages.text("feedback_state.\($0.rawValue)", context),
                isSelected: $0 == chosen)
        }
    }

    func detail(
        _ record: FeedbackRecord, path: String, words: String?, steps: [FeedbackStep], showsPhotos: Bool,
        decision: FeedbackDecisionModel? = nil, answerForm: FeedbackAnswerModel? = nil, _ context: BrightContext
    ) -> FeedbackDetailModel {
        let photos = showsPhotos && record.photos > 0 ? Array(1...record.photos) : []
        let lines = steps.map { step in
            FeedbackStepLine(
                time: LocalTime.minute(step.at), text: pages.text("feedback_step.\(step.step)", context),
                note: step.note)
        }
        let hasProblem = record.state == .confirmed || record.outcome != nil
        return FeedbackDetailModel(
            kind: pages.label(record.kind, context), canteen: "\(record.schoolName) \(record.canteenName)",
            zone: record.zone.map { pages.label($0, context) }, state: state(record, context),
            stateClass: Self.pill(record.state), date: LocalTime.day(record.receivedAt), due: due(record, context),
            isLate: record.isLate(at: context.now), words: words, passedOn: record.passedOn, answer: record.answer,
            outcome: record.outcome.map { pages.label($0, context) },
            photos: photos.map {
                FeedbackPhotoLink(
                    path: "\(path)/photos/\($0)",
                    label: pages.text("feedback.photo_number", context, ["n": String($0)]))
            }, hasPhotos: !photos.isEmpty, steps: lines, hasSteps: !lines.isEmpty, decision: decision,
            answerForm: answerForm,
            problemPath: hasProblem && context.may(.seeProblem, intent: .read)
                ? "/patrol/problems/\(record.feedbackId)" : nil)
    }

    private func state(_ record: FeedbackRecord, _ context: BrightContext) -> String {
        pages.text("feedback_state.\(record.state.rawValue)", context)
    }

    private func due(_ record: FeedbackRecord, _ context: BrightContext) -> String? {
        switch record.state {
        case .received: record.decideBy?.iso ?? pages.text("feedback.due_unknown", context)
        case .forwarded: record.answerBy?.iso ?? pages.text("feedback.due_unknown", context)
        default: nil
        }
    }

    static func pill(_ state: FeedbackState) -> String {
        switch state {
        case .received: "pill--info"
        case .forwarded, .confirmed: "pill--warn"
        case .answered, .closed: "pill--ok"
        case .refused: ""
        }
    }
}
