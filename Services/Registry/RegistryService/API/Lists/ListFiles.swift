import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What each list writes into its file: one line an item, words and days as people read them.
struct ListFiles: Sendable {
    let runtime: ServiceRuntime

    private func file(_ name: String, _ columns: [String], _ context: BrightContext) -> ListFile {
        ListFile(name: name, headers: columns.map { runtime.pages.text("csv.\($0)", context) }, runtime: runtime)
    }

    func canteens(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let views = CanteenViews(pages: pages)
        let file = file(
            "canteens",
            [
                "division", "township", "school", "uscc", "school_type", "canteen", "serving", "diners", "zones",
                "licence",
                "issued_on", "valid_to", "state", "cameras_active", "cameras",
            ], context)
        return try await file.answer(CanteenList.listing, condition, context) { item in
            let canteen = item.canteen
            let school = canteen.institution
            return [
                [
                    school.divisionCode, school.township ?? "", school.name, school.creditCode,
                    pages.label(school.type, context), canteen.name,
                    pages.text("serving.\(canteen.servingMode.key)", context), String(canteen.diners),
                    canteen.zones.map { pages.label($0, context) }.joined(separator: "、"),
                    canteen.licence?.number ?? "",
                    canteen.licence?.issuedOn.iso ?? "", canteen.licence?.validTo.iso ?? "",
                    views.stateText(canteen, context),
                    String(item.activeCameras), String(item.cameras),
                ]
            ]
        }
    }

    func cameras(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "cameras",
            ["division", "school", "canteen", "camera", "zone", "gb_id", "enabled_on", "anteroom", "status"], context)
        return try await file.answer(CameraList.listing, condition, context) { item in
            let camera = item.camera
            return [
                [
                    item.divisionCode, item.schoolName, item.canteenName, camera.name,
                    pages.label(camera.zone, context), camera.gbId, camera.enabledOn.iso,
                    pages.text(camera.isAnteroom ? "canteen.yes" : "canteen.no", context),
                    pages.label(camera.status, context),
                ]
            ]
        }
    }

    func recordings(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "recordings",
            [
                "division", "school", "canteen", "camera", "gb_id", "status", "signal", "retention", "minimum_days",
                "covered_days", "recorded_s", "operating_s", "through_day",
            ], context)
        return try await file.answer(RecordingList.listing, condition, context) { item in
            let standing = item.standing
            return [
                [
                    item.divisionCode, item.school, item.canteen, item.camera.name, item.camera.gbId,
                    pages.label(item.camera.status, context),
                    pages.text("signal.\(item.signal.rawValue)", context),
                    pages.text("retention.\(standing?.state.rawValue ?? "new")", context),
                    standing.map { String($0.minimumDays) } ?? "", standing.map { String($0.coveredDays) } ?? "",
                    standing.map { Self.seconds($0.recordedMs) } ?? "",
                    standing.map { Self.seconds($0.operatingMs) } ?? "", standing?.throughDay.iso ?? "",
                ]
            ]
        }
    }

    func coverage(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "coverage",
            [
                "day", "division", "school", "canteen", "camera", "gb_id", "coverage", "recorded_s", "operating_s",
                "gaps",
                "longest_gap_s",
            ], context)
        return try await file.answer(CoverageList.days, condition, context) { item in
            [
                [
                    item.day.day.iso, item.divisionCode, item.school, item.canteen, item.camera, item.gbId,
                    pages.text("coverage.\(item.day.state.rawValue)", context), Self.seconds(item.day.recordedMs),
                    Self.seconds(item.day.operatingMs), String(item.day.gaps.spans.count),
                    Self.seconds(item.day.gaps.spans.map(\.length).max() ?? 0),
                ]
            ]
        }
    }

    func gaps(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let file = file(
            "gaps", ["day", "division", "school", "canteen", "camera", "gb_id", "from", "to", "length_s"], context)
        return try await file.answer(CoverageList.gaps, condition, context) { item in
            [
                [
                    item.day.iso, item.divisionCode, item.school, item.canteen, item.camera, item.gbId,
                    CameraViews.time(item.from), CameraViews.time(item.to),
                    Self.seconds((item.to.microseconds - item.from.microseconds) / 1000),
                ]
            ]
        }
    }

    func faults(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "faults",
            [
                "fault", "division", "school", "canteen", "camera", "kind", "state", "detected_at", "escalated_at",
                "recovered_at", "closed_at", "responsible",
            ], context)
        return try await file.answer(FaultList.listing, condition, context) { item in
            let fault = item.fault
            return [
                [
                    fault.id.rawValue, fault.divisionCode, item.school ?? "", item.canteen ?? "", item.camera ?? "",
                    pages.label(fault.kind, context), pages.label(fault.state, context),
                    CameraViews.time(fault.detectedAt), fault.escalatedAt.map(CameraViews.time) ?? "",
                    fault.recoveredAt.map(CameraViews.time) ?? "", fault.closedAt.map(CameraViews.time) ?? "",
                    fault.responsible?.rawValue ?? "",
                ]
            ]
        }
    }

    func incidents(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "incidents",
            [
                "incident", "division", "scope", "place", "started_at", "ended_at", "cameras", "canteens", "missing",
                "fault",
            ], context)
        return try await file.answer(IncidentList.listing, condition, context) { item in
            let incident = item.incident
            return [
                [
                    incident.id.rawValue, incident.divisionCode,
                    pages.text("csv.scope_\(incident.scope.rawValue)", context), item.school ?? item.organ ?? "",
                    CameraViews.time(incident.startedAt), incident.endedAt.map(CameraViews.time) ?? "",
                    String(incident.cameras), String(incident.canteens), String(incident.missing),
                    item.faultId?.rawValue ?? "",
                ]
            ]
        }
    }

    func outages(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file("outages", ["school", "canteen", "camera", "from", "to", "reason", "state"], context)
        return try await file.answer(OutageList.listing, condition, context) { item in
            let outage = item.outage
            return [
                [
                    item.school, item.canteen, item.camera ?? pages.text("outages.all_cameras", context),
                    CameraViews.time(outage.from), CameraViews.time(outage.to), outage.reason,
                    pages.text("outages.state_\(outage.state.rawValue)", context),
                ]
            ]
        }
    }

    func access(_ condition: SQL, _ context: BrightContext) async throws -> Response {
        let words = AccessWords(pages: runtime.pages, context: context)
        let today = LocalDate(context.now)
        let file = file(
            "access",
            [
                "division", "school", "canteen", "access", "clock", "issued_on", "deadline", "provisional",
                "connected_at",
                "unmet", "cameras_active", "cameras",
            ], context)
        return try await file.answer(AccessList.listing, condition, context) { record in
            [
                [
                    record.facts.divisionCode, record.facts.schoolName, record.facts.canteenName,
                    words.state(record.state), words.clock(record, today: today), record.startedOn?.iso ?? "",
                    record.deadline?.iso ?? "",
                    record.deadline == nil ? "" : words.text(record.provisional ? "canteen.yes" : "canteen.no"),
                    record.connectedAt.map(CameraViews.time) ?? "",
                    record.unmetParts.map(words.part).joined(separator: "；"), String(record.tally.active),
                    String(record.tally.total),
                ]
            ]
        }
    }

    func caterers(_ condition: SQL, _ today: LocalDate, _ context: BrightContext) async throws -> Response {
        let pages = runtime.pages
        let file = file(
            "caterers",
            [
                "division", "caterer", "uscc", "licence", "valid_to", "operating", "certified", "haccp", "iso22000",
                "cameras_active", "served",
            ], context)
        return try await file.answer(CatererList.listing(today), condition, context) { item in
            func flag(_ value: Bool) -> String { pages.text(value ? "canteen.yes" : "canteen.no", context) }
            func words(_ certificate: CatererList.Certificate?) -> String {
                certificate.map { "\($0.number) \($0.body) \($0.validTo.iso)" } ?? ""
            }
            return [
                [
                    item.divisionCode, item.name, item.uscc, item.licenceNumber ?? "", item.licenceValidTo?.iso ?? "",
                    flag(item.operating), flag(item.isCertified), words(item.haccp), words(item.iso22000),
                    String(item.activeCameras), String(item.servedCanteens),
                ]
            ]
        }
    }

    /// Milliseconds as seconds, three decimals.
    private static func seconds(_ milliseconds: Int64) -> String {
        let thousandths = String(abs(milliseconds % 1000) + 1000).dropFirst()
        return "\(milliseconds / 1000).\(thousandths)"
    }
}
