import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Recordings of the zone: asked for with a reason, written into the view log, played by parent access.
extension ZonePage {
    func openPlayback(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> Response {
        let (patrol, canteen, zone) = try PatrolAPI.place(context)
        do {
            var check = form.check()
            let camera: CameraID = check.id("camera")
            let day = check.date("day")
            try check.done()
            guard let from = Self.time(form.optional("from"), of: day), let to = Self.time(form.optional("to"), of: day)
            else {
                throw Problem.invalid(
                    "from", code: "not_a_time", zh: "请填写时间，例如 09:30。", en: "Give a time such as 09:30.")
            }
            let order = PlaybackOrder(cameraId: camera, from: from, to: to, reason: form.optional("reason"))
            let known = try await desk.pool.camera(camera)
            guard known.map({ $0.canteenId == canteen && $0.zone == zone }) ?? false else {
                throw Problem.invalid(
                    "camera", code: "camera_not_in_zone", zh: "该摄像机不属于本区域",
                    en: "This camera does not belong to the zone")
            }
            return try await commands.form(form, request, context) { desk, caller in
                return Response.seeOther(try await desk.openPlayback(patrol, order, by: caller).path)
            }
        } catch let problem as Problem where Self.isCorrectable(problem) {
            return try await answering { try await show(context, camera: nil, entry: nil, problem: problem) }
        }
    }

    /// `HH:MM` or `HH:MM:SS` of that day in the city.
    private static func time(_ text: String?, of day: LocalDate) -> Instant? {
        guard let text, text.utf8.count == 5 || text.utf8.count == 8 else { return nil }
        let seconds = text.utf8.count == 5 ? "\(text):00" : text
        return Instant(rfc3339: "\(day.iso)T\(seconds)+08:00")
    }

    func playbackModel(_ zone: PatrolReview.Zone, _ context: BrightContext) -> [String: Any] {
        let end = context.now - .seconds(60)
        let start = max(LocalDate(end).start, end - .seconds(600))
        return [
            "playbackDay": LocalDate(end).iso, "playbackFrom": String(DisplayTime.minute(start).suffix(5)),
            "playbackTo": String(DisplayTime.minute(end).suffix(5)),
            "playbackCameras": zone.cameras.map { ["id": $0.cameraId.rawValue, "name": $0.name] },
            "hasPlaybackCameras": !zone.cameras.isEmpty && context.may(.playback),
            "playbackReasons": PlaybackReason.allCases.map {
                ["value": $0.rawValue, "label": models.text("patrol.playback.\($0.rawValue)", context)]
            },
            "playbacks": zone.playbacks.map { view -> [String: Any] in
                let reason = view.reason.map { models.text("patrol.playback.\($0)", context) }
                return [
                    "opened": DisplayTime.minute(view.startedAt), "reason": reason ?? "",
                    "span": [view.recordedFrom, view.recordedTo].compactMap { $0 }.map(DisplayTime.minute).joined(
                        separator: " – "), "who": models.person(view.personId, context),
                ]
            },
            "hasPlaybacks": !zone.playbacks.isEmpty,
        ]
    }
}
