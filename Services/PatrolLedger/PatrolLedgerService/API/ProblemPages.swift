import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The list of problems and the page of one, for officers and for the school.
struct ProblemPages: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        routes.get("/problems", .read(.seeProblem)) { request, context in
            try await answering { try await list(request, context) }
        }
        routes.get("/problems/{problem}", .read(.seeProblem)) { _, context in
            try await answering { try await show(context, entry: nil, problem: nil) }
        }
        routes.post("/problems/{problem}/acknowledge", .action(.submitRectification)) { request, context in
            try await act(request, context) { desk, caller, _, id in try await desk.acknowledge(id, by: caller) }
        }
        routes.post("/problems/{problem}/return", .action(.acceptRectification)) { request, context in
            try await act(request, context) { desk, caller, form, id in
                try await desk.returnRectification(id, reason: form.optional("reason"), by: caller)
            }
        }
        routes.post("/problems/{problem}/accept", .action(.acceptRectification)) { request, context in
            try await act(request, context) { desk, caller, _, id in try await desk.accept(id, by: caller) }
        }
        // What the gateway lets through; more photographs go in several rounds ("keep photographs only").
        let upload = RouteOptions(bodyLimit: 12 * 1024 * 1024)
        routes.post("/problems/{problem}/rectification", .action(.submitRectification), options: upload) {
            request, context in
            try await rectify(request, context)
        }
    }

    // MARK: list

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try PageRequest(request)
        let selection = try ProblemAPI.selection(request)
        let visible = try await desk.visibleProblems(try context.caller())
        let problems = try await desk.pool.problems(
            visible: visible, selection, now: context.now, limit: page.size, offset: page.offset)
        let total = try await desk.pool.problemCount(visible: visible, selection, now: context.now)
        var filters: [[String: Any]] = []
        for choice in ProblemSelection.allCases {
            filters.append([
                "href": "\(PatrolPaths.problems)?show=\(choice.rawValue)", "isCurrent": choice == selection,
                "label": models.text("patrol.show.\(choice.rawValue)", context),
                "count": try await desk.pool.problemCount(visible: visible, choice, now: context.now),
            ])
        }
        let model: [String: Any] = [
            "filters": filters, "problems": problems.map { models.problemLine($0, context) },
            "hasProblems": !problems.isEmpty, "mayReport": context.may(.runPatrol),
            "newPath": PatrolPaths.newProblem, "warningsPath": PatrolPaths.warnings,
            "text": models.text("patrol.problems.none", context),
            "pager": PageOf(problems, of: page, total: total).pager(
                path: "\(PatrolPaths.problems)?show=\(selection.rawValue)"),
        ]
        return try models.pages.render(
            "problems", context,
            PageMeta(
                title: models.text("patrol.problems.title", context),
                lead: models.text("patrol.problems.lead", context),
                current: "problems"), model: model)
    }

    // MARK: commands

    func act(
        _ request: Request, _ context: BrightContext,
        _ command: @escaping @Sendable (PatrolDesk, PatrolDesk.Caller, FormData, ProblemID) async throws -> Void
    ) async throws -> Response {
        let id: ProblemID = try context.id("problem")
        let form = try await request.form(context)
        do {
            return try await commands.form(form, request, context) { desk, caller in
                try await command(desk, caller, form, id)
                return Response.seeOther(PatrolPaths.problem(id))
            }
        } catch let problem as Problem
            where [.unprocessableContent, .conflict, .forbidden].contains(problem.status) && problem.code != "forbidden"
        {
            return try await answering { try await show(context, entry: nil, problem: problem) }
        }
    }

    /// Photographs are cleaned and sealed one by one, then the text is submitted with all of them.
    private func rectify(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: ProblemID = try context.id("problem")
        let form = try await request.form(context)
        let entry = RectificationEntry(
            cause: form.optional("cause"), measure: form.optional("measure"), prevention: form.optional("prevention"))
        do {
            let caller = try context.caller()
            for file in form.files("photos") {
                let photograph = try await answering {
                    try await desk.takePhotograph(Data(file.bytes), to: id, by: caller)
                }
                // The same picture in the same form is the same photograph: a repeated request adds nothing.
                let key = request.idempotencyKey(form).map { "\($0.prefix(30)).\(photograph.hash.prefix(24))" }
                _ = try await commands.run(context, key: key, content: Array(photograph.hash.utf8)) { desk, caller in
                    try await desk.recordPhotograph(photograph, by: caller)
                    return Response.noContent()
                }
            }
            return try await commands.form(form, request, context) { desk, caller in
                if form.optional("do") == "save" {
                    try await desk.keepRectifying(id, by: caller)
                } else {
                    try await desk.submitRectification(entry, id, by: caller)
                }
                return Response.seeOther(PatrolPaths.problem(id))
            }
        } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
            return try await answering { try await show(context, entry: entry, problem: problem) }
        }
    }

    // MARK: page

    private func show(
        _ context: BrightContext, entry: RectificationEntry?, problem fault: Problem?
    ) async throws -> Response {
        let id: ProblemID = try context.id("problem")
        let file = try await desk.problemFile(id, for: try context.caller())
        let problem = file.problem
        let isSchool = context.may(.submitRectification, on: file.canteen.resource)
        let isOrgan = context.may(.acceptRectification, on: file.canteen.resource)
        func field(_ name: String) -> String? { fault?.faults.first { $0.field == name }?.detail[context.language] }
        var model: [String: Any] = [
            "path": PatrolPaths.problem(id), "state": models.problemState(problem, context),
            "severity": models.severity(problem.severity, context), "code": problem.itemCode,
            "zone": models.pages.label(problem.zone, context), "description": problem.description,
            "canteen": file.canteen.name, "school": file.canteen.schoolName,
            "origin": models.pages.label(problem.origin, context),
            "found": DisplayTime.minute(problem.foundAt), "acknowledgeBy": DisplayTime.minute(problem.acknowledgeBy),
            "rectifyBy": DisplayTime.minute(problem.rectifyBy), "isProvisional": problem.deadlineProvisional,
            "evidence": file.evidence.filter { $0.purpose == "finding" }.map { models.evidence($0.evidence, context) },
            "hasEvidence": file.evidence.contains { $0.purpose == "finding" },
            "rounds": file.rounds.map { round($0, file, context) }, "hasRounds": !file.rounds.isEmpty,
            "timeline": file.steps.map { step($0, context) },
            "steps": progress(problem, context),
            "canAcknowledge": isSchool && problem.state == .notified,
            "canRectify": isSchool && problem.state.waitsForSchool,
            "canDecide": isOrgan && problem.state == .submitted,
            "isClosed": problem.state == .closed && problem.outcome == .rectified,
            "mayExport": context.may(.playback, on: file.canteen.resource) && !file.evidence.isEmpty,
            "canManage": isOrgan && problem.state.isOpen && problem.state != .found,
            "canExtend": isOrgan && problem.state.waitsForSchool && problem.extendedAt == nil,
            "canConfirm": isSchool && problem.origin == .selfCheck && problem.state == .submitted,
            "withdrawalWaits": problem.withdrawalBy != nil && problem.state.isOpen,
            "evidenceFailed": file.evidence.contains { $0.evidence.integrity != "ok" },
            "classes": (1...3).filter { $0 != problem.severity }.map { number -> [String: Any] in
                ["value": number, "label": models.text("patrol.class.\(number)", context)]
            },
            "warnings": file.warnings.map { warning -> [String: Any] in
                [
                    "label": models.text("patrol.warning.\(warning.level.rawValue)", context),
                    "style": warning.level == .red ? "error" : "warn", "at": DisplayTime.minute(warning.issuedAt),
                    "isLifted": warning.liftedAt != nil,
                ]
            },
            "causeRequired": desk.rules.problemClass(problem.severity)?.causeRequired ?? true,
            "waiting": file.waiting.map { models.evidence($0, context) },
            "hasWaiting": !file.waiting.isEmpty && isSchool,
            "cause": entry?.cause ?? "", "measure": entry?.measure ?? "", "prevention": entry?.prevention ?? "",
            "hasFaults": (fault?.faults.count ?? 0) > 0,
            "faults": (fault?.faults ?? []).map { ["field": $0.field, "detail": $0.detail[context.language]] },
        ]
        model["problem"] = fault?.detail[context.language]
        model["causeFault"] = field("cause")
        model["measureFault"] = field("measure")
        model["preventionFault"] = field("prevention")
        model["photosFault"] = field("photos")
        model["reasonFault"] = field("reason")
        model["reference"] = problem.reference
        model["withdrawalReason"] = problem.withdrawalReason
        if let earlier = problem.recurrenceOf { model["earlierPath"] = PatrolPaths.problem(earlier) }
        if let linked = problem.linkedProblemId { model["linkedPath"] = PatrolPaths.problem(linked) }
        if let outcome = problem.outcome, outcome != .rectified {
            model["ended"] = [
                "outcome": models.text("patrol.outcome.\(outcome.rawValue)", context),
                "reason": problem.endReason ?? "",
            ]
        }
        if let patrol = problem.patrolId, context.may(.seePatrolPlan, intent: .read) {
            model["patrolPath"] = PatrolPaths.patrol(patrol)
        }
        return try models.pages.render(
            "problem_one", context,
            PageMeta(
                title: models.itemText(problem.itemCode, context),
                crumbs: [
                    Crumb(models.text("patrol.problems.title", context), PatrolPaths.problems), Crumb(problem.itemCode),
                ], lead: "\(file.canteen.schoolName) · \(file.canteen.name)", current: "problems"), model: model,
            status: fault?.status ?? .ok)
    }

    private func round(_ round: RectificationRecord, _ file: ProblemFile, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "number": round.round, "measure": round.measure, "prevention": round.prevention,
            "at": DisplayTime.minute(round.submittedAt), "isReturned": round.decision == "returned",
            "isAccepted": round.decision == "accepted",
            "photographs": file.evidence.filter { $0.purpose == "rectification" && $0.round == round.round }
                .map { models.evidence($0.evidence, context) },
        ]
        model["cause"] = round.cause
        model["reason"] = round.reason
        return model
    }

    private func step(_ step: ProblemStepRecord, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "label": models.text("patrol.problem.step.\(step.step.rawValue)", context),
            "at": DisplayTime.minute(step.at),
            "style": [.returned, .overdue, .integrityFailed].contains(step.step)
                ? "is-error"
                : [.accepted, .closed].contains(step.step) ? "is-ok" : step.step == .recurred ? "is-warn" : "",
        ]
        model["note"] = step.note
        return model
    }

    /// The four stations a reader cares about.
    private func progress(_ problem: ProblemRecord, _ context: BrightContext) -> [[String: Any]] {
        let reached =
            switch problem.state {
            case .found, .notified: 0
            case .acknowledged, .rectifying, .returned: 1
            case .submitted: 2
            case .accepted, .closed: 4
            }
        return ["notified", "acknowledged", "submitted", "closed"].enumerated().map { index, name in
            [
                "label": models.text("patrol.problem.state.\(name)", context),
                "isDone": index < reached || reached == 4,
                "isCurrent": index == reached,
            ]
        }
    }
}
