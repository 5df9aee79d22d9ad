import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Review, hold, custody and export of evidence: JSON under `/patrol/api/v1`, and the page of one piece.
struct EvidenceAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    private struct ReviewBody: Codable, Sendable {
        var verdict: EvidenceVerdict
        var reason: String?
    }
    private struct ReasonBody: Codable, Sendable { var reason: String? }

    func declareAPI(_ routes: Routes) {
        routes.get("/evidence/{evidence}", .read(.seeProblem), options: .viewed) { _, context in
            try await answering {
                let file = try await desk.evidenceFile(try context.id("evidence"), for: try context.caller())
                return try Response.json(EvidenceFileView(file.evidence, custody: file.custody))
            }
        }
        routes.post("/evidence/{evidence}/review", .action(.acceptRectification)) { request, context in
            let id: EvidenceID = try context.id("evidence")
            return try await commands.json(request, context, ReviewBody.self) { desk, caller, body in
                try await desk.reviewEvidence(id, body.verdict, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/evidence/{evidence}/hold", .action(.acceptRectification)) { request, context in
            let id: EvidenceID = try context.id("evidence")
            return try await commands.json(request, context, ReasonBody.self) { desk, caller, body in
                try await desk.holdEvidence(id, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/evidence/{evidence}/release", .action(.acceptRectification)) { request, context in
            let id: EvidenceID = try context.id("evidence")
            return try await commands.json(request, context, ReasonBody.self) { desk, caller, body in
                try await desk.releaseEvidence(id, reason: body.reason, by: caller)
                return Response.noContent()
            }
        }
        routes.post("/problems/{problem}/export", .action(.playback)) { request, context in
            let body = try await request.json(ReasonBody.self, context)
            return try await export(body.reason, context)
        }
    }

    func declarePages(_ routes: Routes) {
        routes.get("/evidence/{evidence}/record", .read(.seeProblem), options: .viewed) { _, context in
            try await answering { try await show(context, problem: nil) }
        }
        routes.post("/evidence/{evidence}/record", .action(.acceptRectification)) { request, context in
            try await decide(request, context)
        }
        routes.post("/problems/{problem}/export", .action(.playback)) { request, context in
            let form = try await request.form(context)
            return try await export(form.optional("reason"), context)
        }
    }

    private func export(_ reason: String?, _ context: BrightContext) async throws -> Response {
        let id: ProblemID = try context.id("problem")
        let archive = try await answering { try await desk.export(id, reason: reason, by: try context.caller()) }
        var response = Response.bytes(archive, contentType: "application/zip", cacheControl: "no-store")
        response.headers[.contentDisposition] = "attachment; filename=\"evidence-\(id).zip\""
        return response
    }

    private func decide(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: EvidenceID = try context.id("evidence")
        let form = try await request.form(context)
        let wanted = form.optional("do") ?? ""
        let reason = form.optional("reason")
        do {
            return try await commands.form(form, request, context) { desk, caller in
                switch wanted {
                case "hold": try await desk.holdEvidence(id, reason: reason, by: caller)
                case "release": try await desk.releaseEvidence(id, reason: reason, by: caller)
                default:
                    guard let verdict = EvidenceVerdict(rawValue: wanted) else {
                        throw Problem.invalid(
                            "do", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                            allowed: "admissible, inadmissible, hold, release")
                    }
                    try await desk.reviewEvidence(id, verdict, reason: reason, by: caller)
                }
                return Response.seeOther(PatrolPaths.evidenceRecord(id))
            }
        } catch let problem as Problem
            where [.unprocessableContent, .conflict, .forbidden].contains(problem.status)
        {
            return try await answering { try await show(context, problem: problem) }
        }
    }

    private func show(_ context: BrightContext, problem fault: Problem?) async throws -> Response {
        let id: EvidenceID = try context.id("evidence")
        let file = try await desk.evidenceFile(id, for: try context.caller())
        let evidence = file.evidence
        let mayDecide = context.may(.acceptRectification, on: file.canteen.resource) && evidence.disposedAt == nil
        var model = models.evidence(evidence, context)
        model["path"] = PatrolPaths.evidenceRecord(id)
        model["file"] = PatrolPaths.evidence(id)
        model["isVideo"] = evidence.kind == .clip
        model["isDisposed"] = evidence.disposedAt != nil
        model["byteCount"] = evidence.byteCount
        model["mediaType"] = evidence.mediaType
        model["canReview"] = mayDecide && !evidence.isReferred
        model["canHold"] = mayDecide && !evidence.isHeld
        model["canRelease"] = mayDecide && evidence.isHeld
        model["holdReason"] = evidence.isHeld ? evidence.holdReason : nil
        model["verdictReason"] = evidence.verdictReason
        model["problem"] = fault?.detail[context.language]
        model["reasonFault"] = fault?.faults.first { $0.field == "reason" }?.detail[context.language]
        model["custody"] = file.custody.map { line -> [String: Any] in
            var entry: [String: Any] = [
                "label": models.text("patrol.custody.\(line.step.rawValue)", context),
                "at": DisplayTime.millisecond(line.at), "actor": models.actor(line.actor, context),
                "style": line.step == .integrityFailed
                    ? "is-error" : line.step == .held || line.step == .disposed ? "is-warn" : "",
            ]
            entry["note"] = line.note
            return entry
        }
        return try models.pages.render(
            "evidence_one", context,
            PageMeta(
                title: models.text("patrol.evidence.title", context),
                crumbs: [
                    Crumb(models.text("patrol.problems.title", context), PatrolPaths.problems),
                    Crumb(models.text("patrol.evidence.title", context)),
                ], lead: "\(file.canteen.schoolName) · \(file.canteen.name)", current: "problems"), model: model,
            status: fault?.status ?? .ok)
    }
}
