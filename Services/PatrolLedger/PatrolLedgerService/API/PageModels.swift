import Calendar
import Contracts
import ServiceKit

/// Pieces of page models that several pages show.
struct PageModels: Sendable {
    let pages: Pages
    let desk: PatrolDesk

    func text(_ key: String, _ context: BrightContext, _ arguments: [String: String] = [:]) -> String {
        pages.text(key, context, arguments)
    }

    func itemText(_ code: String, _ context: BrightContext) -> String {
        let item = code == desk.checklist.deviceFault.code ? desk.checklist.deviceFault : desk.checklist.item(code)
        guard let item else { return code }
        return context.language == .zh ? item.textZh : item.textEn
    }

    func basis(_ basis: [PatrolBasis], _ context: BrightContext) -> String {
        basis.map { text("patrol.basis.\($0.rawValue)", context) }.joined(
            separator: context.language == .zh ? "、" : ", ")
    }

    func patrolState(_ state: PatrolState, _ context: BrightContext) -> [String: Any] {
        let style =
            switch state {
            case .closed: "ok"
            case .short: "warn"
            case .inProgress, .planned: "info"
            case .submitted, .cancelled: ""
            }
        return ["label": text("patrol.state.\(state.rawValue)", context), "style": style]
    }

    func problemState(_ problem: ProblemRecord, _ context: BrightContext) -> [String: Any] {
        if problem.isOverdue(at: context.now) {
            return ["label": text("patrol.problem.overdue", context), "style": "error"]
        }
        let style =
            switch problem.state {
            case .closed, .accepted: "ok"
            case .submitted: "info"
            case .returned: "error"
            default: "warn"
            }
        return ["label": text("patrol.problem.state.\(problem.state.rawValue)", context), "style": style]
    }

    func severity(_ severity: Int, _ context: BrightContext) -> [String: Any] {
        [
            "label": text("patrol.class.\(severity)", context),
            "style": severity == 1 ? "error" : severity == 2 ? "warn" : "",
        ]
    }

    func evidence(_ evidence: EvidenceRecord, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "id": evidence.evidenceId.rawValue, "href": PatrolPaths.evidence(evidence.evidenceId),
            "kind": pages.label(evidence.kind, context), "isClip": evidence.kind == .clip,
            "hash": evidence.hash, "shortHash": String(evidence.hash.prefix(12)),
            "serverTime": DisplayTime.millisecond(evidence.serverTime), "isFailed": evidence.integrity != "ok",
            "record": PatrolPaths.evidenceRecord(evidence.evidenceId),
            "state": [
                "label": text("patrol.evidence.state.\(evidence.lifecycle.state.rawValue)", context),
                "style": evidence.lifecycle.state == .sealed ? "warn" : evidence.isHeld ? "info" : "",
            ],
        ]
        if let verdict = evidence.verdict {
            model["verdict"] = [
                "label": text("patrol.verdict.\(verdict.rawValue)", context),
                "style": verdict == .admissible ? "ok" : "error",
            ]
        }
        if evidence.thumbnailHash != nil { model["thumbnail"] = PatrolPaths.thumbnail(evidence.evidenceId) }
        if let cameraTime = evidence.cameraTime { model["cameraTime"] = DisplayTime.millisecond(cameraTime) }
        if let offset = evidence.offsetMilliseconds {
            model["offset"] = "\(offset / 1000).\(abs(offset % 1000) / 100) s"
        }
        return model
    }

    func problemLine(_ listing: ProblemListing, _ context: BrightContext) -> [String: Any] {
        let problem = listing.problem
        return [
            "href": PatrolPaths.problem(problem.problemId), "item": itemText(problem.itemCode, context),
            "code": problem.itemCode, "canteen": listing.canteenName, "school": listing.schoolName,
            "state": problemState(problem, context), "severity": severity(problem.severity, context),
            "found": DisplayTime.minute(problem.foundAt), "due": DisplayTime.minute(problem.rectifyBy),
        ]
    }

    func factor(_ factor: RiskScore.Factor, _ context: BrightContext) -> String {
        switch factor {
        case .neverVisited: text("patrol.factor.never_visited", context)
        case .daysSinceVisit(let days): text("patrol.factor.days_since_visit", context, ["n": "\(days)"])
        case .openProblems(let count): text("patrol.factor.open_problems", context, ["n": "\(count)"])
        case .overdueProblems(let count): text("patrol.factor.overdue_problems", context, ["n": "\(count)"])
        case .cameraLoss(let lost, let total):
            text("patrol.factor.camera_loss", context, ["n": "\(lost)", "total": "\(total)"])
        case .licenceExpiring(let days): text("patrol.factor.licence_expiring", context, ["n": "\(days)"])
        case .licenceExpired: text("patrol.factor.licence_expired", context)
        case .accessOverdue: text("patrol.factor.access_overdue", context)
        }
    }

    func suggestion(_ suggestion: Suggestion, _ context: BrightContext, isSelected: Bool) -> [String: Any] {
        var model: [String: Any] = [
            "id": suggestion.canteenId.rawValue, "name": suggestion.name, "school": suggestion.schoolName,
            "points": suggestion.score.points, "reasons": suggestion.score.factors.map { factor($0, context) },
            "cameras": text("patrol.cameras_live", context, ["n": "\(suggestion.camerasDelivering)"]),
            "hasNoCamera": suggestion.camerasDelivering == 0, "isSelected": isSelected,
        ]
        if case .daysSinceVisit(let days)? = suggestion.score.factors.first, days < 90 {
            model["recent"] = text("patrol.new.recent", context, ["n": "\(days)"])
        }
        if let township = suggestion.township { model["township"] = township }
        return model
    }

    /// `person:<id>` or `system:<name>` of a timeline.
    func actor(_ actor: String, _ context: BrightContext) -> String {
        guard actor.hasPrefix("person:") else { return text("patrol.actor.system", context) }
        return person(PersonID(rawValue: String(actor.dropFirst("person:".count))), context)
    }

    /// What an officer still has to know about a person without a name: themselves or a short pseudonym.
    func person(_ id: PersonID, _ context: BrightContext) -> String {
        if context.principal?.personId == id { return text("patrol.you", context) }
        return text("patrol.person", context, ["id": String(id.rawValue.suffix(6))])
    }
}
