import Contracts
import Hummingbird
import ServiceKit

/// The numbered ledger and one entry as a document to print.
struct LedgerPages: Sendable {
    let desk: PatrolDesk
    let models: PageModels
    let book: WitnessBook

    func declare(_ routes: Routes) {
        routes.get("/ledger", .read(.seeLedger)) { request, context in
            try await answering { try await list(request, context) }
        }
        routes.get("/ledger/{number}", .read(.seeLedger)) { _, context in
            try await answering { try await show(context) }
        }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try PageRequest(request)
        let organs = try await desk.ledgerOrgans(try context.caller())
        let ids = organs.map(\.organId)
        let entries = try await desk.pool.ledger(of: ids, limit: page.size, offset: page.offset)
        let total = try await desk.pool.ledgerCount(of: ids)
        let lines = try entries.map { entry -> [String: Any] in
            let content = try EventJSON.decode(LedgerContent.self, from: entry.content)
            return [
                "number": entry.number, "href": PatrolPaths.ledgerEntry(entry.number), "organ": content.organName,
                "at": DisplayTime.minute(entry.appendedAt), "week": content.week,
                "result": "\(content.counted) / \(content.required)", "meets": content.meetsQuota,
                "problems": content.problems.count, "hasProblems": !content.problems.isEmpty,
                "hash": String(entry.contentHash.prefix(12)),
            ]
        }
        let checkpoint = try await desk.log.checkpointSize()
        let witnesses = try await book.entries(desk.pool).map { entry -> [String: Any] in
            var line: [String: Any] = ["name": entry.witness, "isSilent": entry.size == nil]
            line["size"] = entry.size.map(String.init)
            line["root"] = entry.root.map { String($0.prefix(12)) }
            line["at"] = entry.at.map(DisplayTime.minute)
            return line
        }
        let model: [String: Any] = [
            "treeSize": "\(checkpoint)", "hasTree": checkpoint > 0, "witnesses": witnesses,
            "hasWitnesses": !witnesses.isEmpty,
            "entries": lines, "hasEntries": !lines.isEmpty, "text": models.text("patrol.ledger.none", context),
            "pager": PageOf(entries, of: page, total: total).pager(path: PatrolPaths.ledger),
        ]
        return try models.pages.render(
            "ledger", context,
            PageMeta(
                title: models.text("patrol.ledger.title", context), lead: models.text("patrol.ledger.lead", context),
                current: "ledger"), model: model)
    }

    private func show(_ context: BrightContext) async throws -> Response {
        guard let number = context.parameters.get("number"), WellFormed.isIdentifier(number) else {
            throw Problem.notFound
        }
        let (entry, organ) = try await desk.ledgerEntry(number, for: try context.caller())
        let content = try EventJSON.decode(LedgerContent.self, from: entry.content)
        let isIntact = EvidenceVault.hexDigest(entry.content) == entry.contentHash
        let problems = try await desk.pool.problems(ofPatrol: entry.patrolId)
        var model: [String: Any] = [
            "number": entry.number, "organ": content.organName, "week": content.week,
            "started": DisplayTime.minute(content.startedAt), "closed": DisplayTime.minute(content.closedAt),
            "basis": models.basis(content.basis, context),
            "patrollers": content.patrollers.map { models.person($0, context) }.joined(separator: "、"),
            "result": "\(content.counted) / \(content.required)", "meets": content.meetsQuota,
            "isLate": content.recordedLate,
            "ruleSet": content.ruleSet, "checklist": content.checklistVersion, "hash": entry.contentHash,
            "isIntact": isIntact, "appended": DisplayTime.millisecond(entry.appendedAt),
            "bytesPath": "/patrol/api/v1/ledger/\(entry.number)",
            "proofPath": "/patrol/api/v1/ledger/\(entry.number)/proof",
            "canteens": content.canteens.map { canteen($0, context) },
            "problems": content.problems.map { listed in problem(listed, problems, context) },
            "hasProblems": !content.problems.isEmpty,
        ]
        model["reference"] = content.basisReference
        model["corrects"] = entry.correctsNumber
        return try models.pages.render(
            "ledger_entry", context,
            PageMeta(
                title: models.text("patrol.ledger.entry", context, ["number": entry.number]),
                crumbs: [Crumb(models.text("patrol.ledger.title", context), PatrolPaths.ledger), Crumb(entry.number)],
                lead: organ.name, current: "ledger"), model: model)
    }

    private func canteen(_ canteen: LedgerContent.CanteenEntry, _ context: BrightContext) -> [String: Any] {
        [
            "name": canteen.name, "school": canteen.schoolName,
            "licence": canteen.licenceNumber ?? models.text("patrol.ledger.no_licence", context),
            "counts": canteen.counts,
            "isDark": canteen.allCamerasWithoutSignal,
            "zones": canteen.zones.map { self.zone($0, context) },
        ]
    }

    private func zone(_ zone: LedgerContent.ZoneEntry, _ context: BrightContext) -> [String: Any] {
        var model: [String: Any] = [
            "name": models.pages.label(zone.zone, context), "seconds": zone.viewedSeconds,
            "isSubmitted": zone.submitted,
            "items": zone.items.map { item -> [String: Any] in
                var model: [String: Any] = [
                    "code": item.code, "text": models.itemText(item.code, context),
                    "result": models.text("patrol.result.\(item.result.rawValue)", context),
                    "style": item.result == .ok ? "ok" : item.result == .violation ? "error" : "",
                    "evidence": item.evidence.map { evidence -> [String: Any] in
                        [
                            "href": PatrolPaths.evidence(evidence.evidenceId),
                            "hash": String(evidence.hash.prefix(12)),
                            "kind": models.pages.label(evidence.kind, context),
                        ]
                    },
                ]
                model["note"] = item.note ?? item.noEvidenceReason
                return model
            },
        ]
        if let late = zone.late {
            model["late"] = models.text(
                "patrol.zone.late_times", context,
                ["entered": DisplayTime.minute(late.enteredAt), "received": DisplayTime.minute(late.receivedAt)])
        }
        return model
    }

    /// What the entry says, with where the problem stands today (整改落实情况).
    private func problem(
        _ listed: LedgerContent.ProblemEntry, _ current: [ProblemRecord], _ context: BrightContext
    ) -> [String: Any] {
        var model: [String: Any] = [
            "href": PatrolPaths.problem(listed.problemId), "code": listed.itemCode,
            "text": models.itemText(listed.itemCode, context), "description": listed.description,
            "severity": models.severity(listed.severity, context), "due": DisplayTime.minute(listed.rectifyBy),
        ]
        if let problem = current.first(where: { $0.problemId == listed.problemId }) {
            model["state"] = models.problemState(problem, context)
        }
        return model
    }
}
