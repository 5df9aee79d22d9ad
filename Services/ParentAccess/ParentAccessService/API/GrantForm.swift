import Calendar
import Contracts
import ServiceKit

/// The form in which a school says what a representative may see.
struct GrantForm: Sendable {
    let pages: Pages
    let live: LiveState

    /// Lunch on school days, to start from.
    static let suggestion = (1...5).compactMap { weekday in
        WeeklyWindow(weekday: weekday, from: TimeOfDay(clamping: 660), to: TimeOfDay(clamping: 780))
    }

    /// What was sent. 422 for what cannot be read; rules are checked by the command.
    static func terms(_ form: FormData) throws -> GrantTerms {
        let cameras = form.all("camera_ids")
        guard cameras.allSatisfy({ WellFormed.isIdentifier($0) }), cameras.count <= 100 else {
            throw Problem.invalid(
                "camera_ids", code: "camera_unknown", zh: "本校没有这个摄像头。", en: "Your school has no such camera.")
        }
        let zones = form.all("zones").compactMap { ZoneCode(rawValue: $0) }
        guard zones.count == form.all("zones").count else {
            throw Problem.invalid(
                "zones", code: "zone_unknown", zh: "没有这个区域。", en: "There is no such zone.",
                allowed: ZoneCode.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let windows = try WeekGridForm.windows(form)
        var check = form.check()
        let from = check.date("valid_from")
        let to = check.date("valid_to")
        try check.done()
        return GrantTerms(
            cameraIds: cameras.map { CameraID($0) }, zones: zones, windows: windows, validFrom: from, validTo: to)
    }

    func model(
        _ context: BrightContext, school: SchoolID, typed: FormData?, problem: Problem?,
        lastDay: LocalDate? = nil
    ) -> GrantFormModel {
        let today = LocalDate(context.now)
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let chosen = Set(typed?.all("camera_ids") ?? [])
        let cameras = live.grantableCameras(of: school, on: today).filter { !$0.isAnteroom }
        let limits = live.city(at: context.now).limits
        let options = cameras.map { camera in
            let status = camera.status == .active ? "" : "（\(pages.label(camera.status, context))）"
            let owner = camera.schoolId == school ? "" : pages.text("grant.of_caterer", context)
            return FormField.Option(
                value: camera.cameraId.rawValue, label: owner + camera.name + status,
                isSelected: chosen.contains(camera.cameraId.rawValue))
        }
        let chosenZones = Set(typed?.all("zones") ?? [])
        let zones = Set(cameras.filter { $0.schoolId == school }.map(\.zone)).sorted { $0.rawValue < $1.rawValue }
        return GrantFormModel(
            zones: FormField(
                "zones", label: pages.text("grant.zones", context), kind: .checkbox,
                hint: pages.text("grant.zones_hint", context), fault: fault("zones"), isOptional: true,
                options: zones.map {
                    FormField.Option(
                        value: $0.rawValue, label: pages.label($0, context),
                        isSelected: chosenZones.contains($0.rawValue))
                }),
            cameras: FormField(
                "camera_ids", label: pages.text("grant.cameras", context), kind: .checkbox,
                hint: pages.text("grant.cameras_hint", context), fault: fault("camera_ids"), options: options),
            hasCameras: !cameras.isEmpty,
            rows: WeekGridForm.rows(pages, context, typed: typed, windows: typed == nil ? Self.suggestion : []),
            windowsFault: fault("windows"),
            limits: pages.text("grant.limits", context, ["limits": limits.text]),
            opens: limits.opens.text, closes: limits.closes.text,
            dates: [
                FormField(
                    "valid_from", label: pages.text("grant.valid_from", context),
                    value: typed?.optional("valid_from") ?? today.iso, type: "date", fault: fault("valid_from")),
                FormField(
                    "valid_to", label: pages.text("grant.valid_to", context),
                    value: typed?.optional("valid_to") ?? (lastDay ?? Self.endOfSchoolYear(after: today)).iso,
                    type: "date",
                    fault: fault("valid_to")),
            ])
    }

    /// 31 July: accounts end with the school year unless the school says otherwise (domain §6, art 12).
    static func endOfSchoolYear(after day: LocalDate) -> LocalDate {
        let year = day.month >= 8 ? day.year + 1 : day.year
        return LocalDate(year: year, month: 7, day: 31) ?? day.adding(days: 180)
    }
}

struct GrantFormModel: Sendable {
    let zones: FormField
    let cameras: FormField
    let hasCameras: Bool
    let rows: [WeekGridForm.Row]
    let windowsFault: String?
    let limits: String
    let opens: String
    let closes: String
    let dates: [FormField]
}
