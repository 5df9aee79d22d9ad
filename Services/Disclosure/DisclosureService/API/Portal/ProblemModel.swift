import Contracts
import ServiceKit

/// One problem as the page `canteen` tells it: what was found, where it stands, what was done.
struct ProblemModel {
    struct Step {
        let label: String
        let time: String
        let tone: String
    }

    let title: String
    let zone: String
    let code: String
    let status: String
    let tone: String
    let description: String
    let severity: String
    let origin: String?
    let steps: [Step]
    let hasRectification: Bool
    let cause: String
    let measure: String
    let prevention: String

    init(_ problem: PublicProblem, _ words: PortalWords) {
        title = problem.itemText
        zone = words.label(problem.zone)
        code = problem.itemCode
        let isOverdue = problem.stage.isOverdue(rectifyBy: problem.rectifyBy, now: words.now)
        if isOverdue {
            status = words.text("problem.overdue")
            tone = Tone.bad.rawValue
        } else if problem.stage == .closed, let outcome = problem.outcome {
            status = words.label(outcome)
            tone = Tone.good.rawValue
        } else {
            status = words.text("problem.stage_\(problem.stage.rawValue)")
            tone = Tone.warning.rawValue
        }
        description = problem.description
        severity = words.text("problem.severity_\(min(3, max(1, problem.severity)))")
        origin = problem.origin.isPublic ? words.label(problem.origin) : nil
        var steps = [Step(label: words.text("problem.found"), time: words.time(problem.foundAt), tone: "warn")]
        if let rectification = problem.rectification {
            steps.append(
                Step(label: words.text("problem.submitted"), time: words.time(rectification.submittedAt), tone: "info"))
        }
        if let closedAt = problem.closedAt {
            steps.append(Step(label: words.text("problem.closed"), time: words.time(closedAt), tone: "ok"))
        } else {
            steps.append(
                Step(
                    label: words.text("problem.rectify_by"), time: words.time(problem.rectifyBy),
                    tone: isOverdue ? "error" : "plain"))
        }
        self.steps = steps
        hasRectification = problem.rectification != nil
        cause = problem.rectification?.cause ?? ""
        measure = problem.rectification?.measure ?? ""
        prevention = problem.rectification?.prevention ?? ""
    }
}
