import Calendar
import Contracts
import ServiceKit

/// Checks what a school asks for and reports all that is wrong with it at once.
struct GrantTermsCheck: Sendable {
    let limits: CityLimits
    /// Cameras of the school and of the caterers that supply it, by id.
    let cameras: [CameraID: CameraFacts]
    let school: SchoolID
    let today: LocalDate
    /// Longest grant in days: a school year, or what the city allows guests.
    var longestDays = GrantTerms.longestDays

    func faults(_ terms: GrantTerms) -> [FieldFault] {
        [cameraFault(terms), windowFault(terms), dayFault(terms)].compactMap { $0 }
    }

    private func cameraFault(_ terms: GrantTerms) -> FieldFault? {
        if terms.cameraIds.isEmpty, terms.zones.isEmpty {
            return FieldFault(
                field: "camera_ids", code: "camera_missing",
                detail: LocalizedText(zh: "请至少选择一个摄像头或区域。", en: "Please choose at least one camera or zone."))
        }
        let known = Set(cameras.values.filter { $0.schoolId == school && !$0.isAnteroom }.map(\.zone))
        if let unknown = terms.zones.first(where: { !known.contains($0) }) {
            return FieldFault(
                field: "zones", code: "zone_unknown",
                detail: LocalizedText(
                    zh: "本校在该区域没有可开放的摄像头：\(unknown.rawValue)",
                    en: "Your school has no camera to open in zone \(unknown.rawValue)."),
                allowed: known.map(\.rawValue).sorted().joined(separator: ", "))
        }
        for id in terms.cameraIds {
            // Another school's camera gets the answer of one that does not exist.
            guard let camera = cameras[id] else {
                return FieldFault(
                    field: "camera_ids", code: "camera_unknown",
                    detail: LocalizedText(zh: "本校没有这个摄像头。", en: "Your school has no such camera."))
            }
            if camera.isAnteroom {
                return FieldFault(
                    field: "camera_ids", code: "anteroom",
                    detail: LocalizedText(
                        zh: "预进间涉及更衣，不得向家长开放：\(camera.name)",
                        en: "Staff change in the anteroom; it is never opened to representatives: \(camera.name)"))
            }
        }
        return nil
    }

    private func windowFault(_ terms: GrantTerms) -> FieldFault? {
        guard let (fault, window) = limits.check(terms.windows) else { return nil }
        let shown = window.map { "\($0.from.text)–\($0.to.text)" } ?? ""
        let detail =
            switch fault {
            case .empty: LocalizedText(zh: "请至少填写一个观看时段。", en: "Please give at least one time window.")
            case .weekday: LocalizedText(zh: "星期应为 1 到 7。", en: "The weekday must be 1 to 7.")
            case .incomplete: LocalizedText(zh: "每个时段都要填写起止时间。", en: "A window needs both a start and an end.")
            case .order:
                LocalizedText(zh: "时段 \(shown) 的结束时间必须晚于开始时间。", en: "The window \(shown) must end after it starts.")
            case .outsideCityLimit:
                LocalizedText(
                    zh: "时段 \(shown) 超出全市规定的开放时间 \(limits.text)。",
                    en: "The window \(shown) lies outside the city's limits \(limits.text).")
            case .tooMany:
                LocalizedText(
                    zh: "每天最多 \(CityLimits.windowsPerDay) 个时段。",
                    en: "At most \(CityLimits.windowsPerDay) windows a day.")
            }
        return FieldFault(field: "windows", code: fault.rawValue, detail: detail, allowed: limits.text)
    }

    private func dayFault(_ terms: GrantTerms) -> FieldFault? {
        let last = terms.validFrom.adding(days: longestDays)
        if terms.validTo < terms.validFrom || terms.validTo < today || terms.validTo > last
            || terms.validFrom > today.adding(days: GrantTerms.longestDays)
        {
            return FieldFault(
                field: "valid_to", code: "period",
                detail: LocalizedText(
                    zh: "截止日期须不早于今天和开始日期，且不超过 \(longestDays) 天。",
                    en: "The last day must not be before today or the first day, nor over \(longestDays) days later."),
                allowed: "\(max(terms.validFrom, today).iso) … \(last.iso)")
        }
        return nil
    }
}
