import Calendar
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The workplace: one zone of one canteen with its live picture, capture buttons and checklist.
///
/// One form holds everything, so that without a script a capture also keeps what was typed.
struct ZonePage: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner
    let models: PageModels

    func declare(_ routes: Routes) {
        let path = "/patrols/{patrol}/canteens/{canteen}/zones/{zone}"
        routes.get(path, .read(.seePatrolPlan)) { request, context in
            let camera = try request.query("camera")
            return try await answering { try await show(context, camera: camera, entry: nil, problem: nil) }
        }
        routes.post(path, .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            return try await post(form, request, context)
        }
        routes.post("\(path)/view", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            return try await stateView(form, request, context)
        }
        routes.post("\(path)/playback", .action(.runPatrol)) { request, context in
            let form = try await request.form(context)
            return try await openPlayback(form, request, context)
        }
    }

    // MARK: commands

    private func post(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> Response {
        let (patrol, canteen, zone) = try PatrolAPI.place(context)
        let entry = try Self.entry(form, checklist: desk.checklist, zone: zone)
        let camera = form.optional("camera")
        let wanted = form.optional("do") ?? "save"
        do {
            if wanted == "submit" {
                return try await commands.form(form, request, context) { desk, caller in
                    try await desk.submitSheet(entry, patrol: patrol, canteen: canteen, zone: zone, by: caller)
                    return Response.seeOther(PatrolPaths.patrol(patrol) + "#c-\(canteen)")
                }
            }
            _ = try await commands.run(context, key: nil, content: []) { desk, caller in
                try await desk.saveDraft(entry, patrol: patrol, canteen: canteen, zone: zone, by: caller)
                return Response.noContent()
            }
            let kind = EvidenceKind(rawValue: wanted)
            if let kind, let camera, WellFormed.isIdentifier(camera) {
                try await capture(kind, CameraID(rawValue: camera), patrol, form, request, context)
            }
            let query = camera.map { "?camera=\($0)" } ?? ""
            return .seeOther(PatrolPaths.zone(patrol, canteen, zone) + query + (kind == nil ? "" : "#evidence"))
        } catch let problem as Problem where Self.isCorrectable(problem) {
            return try await answering { try await show(context, camera: camera, entry: entry, problem: problem) }
        }
    }

    private func capture(
        _ kind: EvidenceKind, _ camera: CameraID, _ patrol: PatrolID, _ form: FormData, _ request: Request,
        _ context: BrightContext
    ) async throws {
        let caller = try context.caller()
        let evidence = try await answering {
            try await desk.takeEvidence(kind, camera: camera, patrol: patrol, by: caller)
        }
        _ = try await commands.form(form, request, context) { desk, caller in
            try await desk.record(evidence, patrol: patrol, by: caller)
            return Response.noContent()
        }
    }

    private func stateView(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> Response {
        let (patrol, canteen, zone) = try PatrolAPI.place(context)
        do {
            guard let from = Self.time(form.optional("from"), context.now),
                let to = Self.time(form.optional("to"), context.now)
            else {
                throw Problem.invalid(
                    "from", code: "not_a_time", zh: "请填写时间，例如 09:30。", en: "Give a time such as 09:30.")
            }
            return try await commands.form(form, request, context) { desk, caller in
                _ = try await desk.stateViewed(patrol, canteen: canteen, zone: zone, from: from, to: to, by: caller)
                return Response.seeOther(PatrolPaths.zone(patrol, canteen, zone))
            }
        } catch let problem as Problem where Self.isCorrectable(problem) {
            return try await answering { try await show(context, camera: nil, entry: nil, problem: problem) }
        }
    }

    static func isCorrectable(_ problem: Problem) -> Bool {
        problem.status == .unprocessableContent || problem.status == .conflict || problem.status == .serviceUnavailable
            || problem.status == .gone
    }

    /// `HH:MM` or `HH:MM:SS` of today in the city.
    static func time(_ text: String?, _ now: Instant) -> Instant? {
        guard let text, text.utf8.count == 5 || text.utf8.count == 8 else { return nil }
        let seconds = text.utf8.count == 5 ? "\(text):00" : text
        return Instant(rfc3339: "\(LocalDate(now).iso)T\(seconds)+08:00")
    }

    /// The rows of the form: `r.` result, `n.` note, `x.` no-evidence reason, `s.` severity, `e.` evidence, `u.` notify now.
    static func entry(_ form: FormData, checklist: Checklist, zone: ZoneCode) throws -> SheetEntry {
        let findings = checklist.items(of: zone).map { item in
            ItemFinding(
                code: item.code, result: form.optional("r.\(item.code)").flatMap(ItemResult.init(rawValue:)),
                note: form.optional("n.\(item.code)"), noEvidenceReason: form.optional("x.\(item.code)"),
                severity: form.optional("s.\(item.code)").flatMap(Int.init),
                evidenceIds: form.all("e.\(item.code)").map(EvidenceID.init(rawValue:)))
        }
        let urgent = checklist.items(of: zone).map(\.code).filter { form.optional("u.\($0)") != nil }
        return SheetEntry(findings: findings, notifyNow: urgent, enteredAt: try EntryTime.read(form))
    }

    // MARK: page

    func show(
        _ context: BrightContext, camera wantedCamera: String?, entry: SheetEntry?, problem: Problem?
    ) async throws -> Response {
        let (id, canteenId, code) = try PatrolAPI.place(context)
        let caller = try context.caller()
        let review = try await desk.readPatrol(id, for: caller)
        guard let canteen = review.canteens.first(where: { $0.canteen.canteenId == canteenId }),
            let zone = canteen.zones.first(where: { $0.code == code })
        else { throw Problem.notFound }
        let isWorking =
            review.patrol.state == .inProgress && review.patrol.organId == caller.principal.organId
            && context.may(.runPatrol)
        let shots = review.evidence.filter { $0.canteenId == canteenId && $0.zone == code }
        let findings = entry?.findings ?? zone.sheet?.findings ?? []
        let chosen = zone.cameras.first { $0.cameraId.rawValue == wantedCamera } ?? zone.cameras.first { $0.delivers }
        let minimum = desk.rules.minimumViewSeconds
        var model: [String: Any] = [
            "patrolPath": PatrolPaths.patrol(id), "path": PatrolPaths.zone(id, canteenId, code),
            "patrolId": id.rawValue, "isWorking": isWorking, "isSubmitted": zone.sheet?.isSubmitted == true,
            "minimum": minimum, "seconds": zone.viewedSeconds, "progressValue": min(zone.viewedSeconds, minimum),
            "viewed": models.text(
                "patrol.zone.viewed", context, ["n": "\(zone.viewedSeconds)", "minimum": "\(minimum)"]),
            "isViewed": zone.viewedSeconds >= minimum, "now": context.now.rfc3339,
            "isLate": zone.sheet?.isLate == true,
            "tabs": tabs(review, canteenId, code, context),
            "cameras": zone.cameras.map { camera -> [String: Any] in
                [
                    "name": camera.name, "href": "\(PatrolPaths.zone(id, canteenId, code))?camera=\(camera.cameraId)",
                    "isChosen": camera.cameraId == chosen?.cameraId, "isDown": !camera.delivers,
                    "status": models.pages.label(camera.status, context),
                ]
            },
            "evidence": shots.map { models.evidence($0, context) }, "hasEvidence": !shots.isEmpty,
            "hasCameras": zone.cameras.count > 1,
            "items": desk.checklist.items(of: code).map { item in
                row(
                    item, findings.last { $0.code == item.code }, shots, problem, isWorking,
                    isNotified: zone.sheet?.problemIds[item.code] != nil, context)
            },
            "hasProblem": problem != nil, "hasFaults": (problem?.faults.count ?? 0) > 0,
            "faults": (problem?.faults ?? []).map { ["field": $0.field, "detail": $0.detail[context.language]] },
        ]
        if let sheet = zone.sheet, let entered = sheet.enteredAt, sheet.isLate {
            model["lateTimes"] = models.text(
                "patrol.zone.late_times", context,
                ["entered": DisplayTime.minute(entered), "received": DisplayTime.minute(sheet.receivedAt)])
        }
        if let problem { model["problem"] = problem.detail[context.language] }
        model.merge(playbackModel(zone, context)) { own, _ in own }
        if let chosen {
            model["camera"] =
                [
                    "id": chosen.cameraId.rawValue, "name": chosen.name, "zone": models.pages.label(code, context),
                    "source": PatrolPaths.video(chosen.cameraId, patrol: id),
                ] as [String: Any]
        }
        return try models.pages.render(
            "zone", context,
            PageMeta(
                title: "\(models.pages.label(code, context))",
                crumbs: [
                    Crumb(models.text("patrol.home.title", context), PatrolPaths.home),
                    Crumb(models.text("patrol.one.crumb", context), PatrolPaths.patrol(id)),
                    Crumb(canteen.canteen.name),
                ], lead: "\(canteen.canteen.schoolName) · \(canteen.canteen.name)", current: "patrol",
                scripts: ["video.js", "offline.js", "patrol.js"], isWide: true), model: model,
            status: problem?.status ?? .ok)
    }

    /// All zones of the patrol, canteen by canteen: the way from one to the next.
    private func tabs(
        _ review: PatrolReview, _ current: CanteenID, _ code: ZoneCode, _ context: BrightContext
    ) -> [[String: Any]] {
        review.canteens.map { canteen in
            [
                "name": canteen.canteen.name, "isCurrent": canteen.canteen.canteenId == current,
                "zones": canteen.zones.map { zone -> [String: Any] in
                    [
                        "href": PatrolPaths.zone(review.patrol.patrolId, canteen.canteen.canteenId, zone.code),
                        "name": models.pages.label(zone.code, context),
                        "isCurrent": canteen.canteen.canteenId == current && zone.code == code,
                        "isDone": zone.sheet?.isSubmitted == true,
                    ]
                },
            ]
        }
    }

    private func row(
        _ item: Checklist.Item, _ finding: ItemFinding?, _ shots: [EvidenceRecord], _ problem: Problem?,
        _ isWorking: Bool,
        isNotified: Bool, _ context: BrightContext
    ) -> [String: Any] {
        // What no camera can show starts as "not observable"; the officer may know better.
        let result = finding?.result ?? (finding == nil && item.observable == .no ? .notObservable : nil)
        let note =
            finding?.note
            ?? (finding == nil && item.observable == .no ? models.text("patrol.item.no_camera_reason", context) : "")
        let fault = problem?.faults.first { $0.field == item.code || $0.field.hasSuffix(".\(item.code)") }
        var model: [String: Any] = [
            "code": item.code, "text": context.language == .zh ? item.textZh : item.textEn,
            "severity": models.severity(item.severity, context), "isLocked": !isWorking || isNotified,
            "isNotified": isNotified, "isPartly": item.observable == .partly, "isUnseeable": item.observable == .no,
            "note": note, "noEvidenceReason": finding?.noEvidenceReason ?? "",
            "results": ItemResult.allCases.map { choice -> [String: Any] in
                [
                    "value": choice.rawValue, "label": models.text("patrol.result.\(choice.rawValue)", context),
                    "isSelected": result == choice,
                    "style": choice == .ok ? "is-ok" : choice == .violation ? "is-error" : "is-muted",
                ]
            },
            "classes": (1...item.severity).map { number -> [String: Any] in
                [
                    "value": number, "label": models.text("patrol.class.\(number)", context),
                    "isSelected": (finding?.severity ?? item.severity) == number,
                ]
            },
            "shots": shots.enumerated().map { index, shot -> [String: Any] in
                var model = models.evidence(shot, context)
                model["number"] = index + 1
                model["isSelected"] = finding?.evidenceIds.contains(shot.evidenceId) == true
                return model
            },
            "hasShots": !shots.isEmpty,
        ]
        if let fault { model["fault"] = fault.detail[context.language] }
        return model
    }
}
