import Calendar
import Contracts

/// What a category asks of its fields together, and the terms that follow. Pure.
enum ItemRules {
    /// D8 must be public within so many working days of the result (政府信息公开条例 art 26).
    static let workingDaysToPublish = 20
    static let inspectionShownYears = 3

    struct Outcome: Sendable {
        var terms: ItemTerms
        var faults: [ContentFault] = []
    }

    /// Call with content whose single fields are without fault. `calendar`: working days; unknown years make no D8 late.
    static func judge(
        _ category: DisclosureCategory, _ content: ItemContent, today: LocalDate, calendar: WorkingCalendar
    ) -> Outcome {
        var outcome = Outcome(terms: ItemTerms(validFrom: today))
        switch category {
        case .d1: break
        case .d2: rating(content, today, &outcome)
        case .d3: pledge(content, today, &outcome)
        case .d4: notInFuture("examined_on", content, today, &outcome)
        case .d5: health(content, today, &outcome)
        case .d6: additive(content, today, &outcome)
        case .d7: purchase(content, today, &outcome)
        case .d8: inspection(content, today, calendar, &outcome)
        case .d9: selfCheck(content, today, &outcome)
        }
        return outcome
    }

    /// Nitrite may not be bought, kept or used by any canteen (餐饮服务食品安全操作规范): refused, and the organ is told.
    static func isNitrite(_ content: ItemContent) -> Bool {
        let name = (content.text("name") ?? "").lowercased()
        return ["亚硝酸", "nitrite", "e249", "e250"].contains { name.contains($0) }
    }

    static func yearLater(_ day: LocalDate, years: Int = 1) -> LocalDate {
        // 29 February becomes the 28th.
        LocalDate(year: day.year + years, month: day.month, day: day.day)
            ?? LocalDate(year: day.year + years, month: day.month, day: 28) ?? day.adding(days: 365 * years)
    }

    private static func notInFuture(
        _ field: String, _ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome
    ) {
        guard let day = content.day(field), day > today else { return }
        outcome.faults.append(
            ContentFault(
                field, "in_future", "日期不能晚于今天。", "The day may not be later than today.", allowed: "≤ \(today.iso)"))
    }

    private static func rating(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        notInFuture("assessed_on", content, today, &outcome)
        guard let day = content.day("assessed_on") else { return }
        outcome.terms.validFrom = day
        outcome.terms.validTo = yearLater(day)
        expired(outcome.terms.validTo, "assessed_on", today, &outcome)
    }

    private static func pledge(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        notInFuture("signed_on", content, today, &outcome)
        guard let day = content.day("signed_on") else { return }
        // Signed in June for the coming year is signed for the running one: a school year ends on 31 August.
        let year = day.month >= 9 ? day.year + 1 : day.year
        outcome.terms.validFrom = day
        outcome.terms.validTo = LocalDate(year: year, month: 8, day: 31)
        expired(outcome.terms.validTo, "signed_on", today, &outcome)
    }

    private static func health(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        notInFuture("issued_on", content, today, &outcome)
        guard let issued = content.day("issued_on"), let end = content.day("valid_to") else { return }
        outcome.terms.validFrom = issued
        outcome.terms.validTo = end
        let longest = yearLater(issued)
        if end <= issued {
            outcome.faults.append(
                ContentFault(
                    "valid_to", "ends_before_start", "有效期早于发证日期。", "The certificate ends before it begins.",
                    allowed: "> \(issued.iso)"))
        } else if end > longest {
            outcome.faults.append(
                ContentFault(
                    "valid_to", "longer_than_a_year", "健康证有效期最长一年。",
                    "A health certificate is good for one year at most.",
                    allowed: "≤ \(longest.iso)"))
        } else {
            expired(end, "valid_to", today, &outcome)
        }
    }

    private static func expired(
        _ end: LocalDate?, _ field: String, _ today: LocalDate, _ outcome: inout Outcome
    ) {
        guard let end, end < today else { return }
        outcome.faults.append(
            ContentFault(
                field, "expired", "按此日期已过有效期（至 \(end.iso)），不能公示。",
                "By this day its validity is over (to \(end.iso)): it cannot be published.", allowed: "≥ \(today.iso)"))
    }

    private static func additive(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        if let amount = content.text("amount").flatMap(Double.init),
            let limit = content.text("limit").flatMap(Double.init),
            amount > limit
        {
            outcome.faults.append(
                ContentFault(
                    "amount", "above_limit", "使用量超过最大使用量。", "More was used than is allowed.",
                    allowed: "≤ \(content.text("limit") ?? "")"))
        }
        guard let month = content.text("month"), let first = LocalDate(iso: month + "-01") else { return }
        if first > today {
            outcome.faults.append(
                ContentFault(
                    "month", "in_future", "月份不能晚于本月。", "The month may not be later than this one.",
                    allowed: "≤ \(today.iso.prefix(7))"))
        }
        let next =
            first.month == 12
            ? LocalDate(year: first.year + 1, month: 1, day: 1)
            : LocalDate(year: first.year, month: first.month + 1, day: 1)
        outcome.terms.validFrom = first
        outcome.terms.validTo = next?.adding(days: -1)
        outcome.terms.uniqueKey = [content.text("name") ?? "", month].joined(separator: "|")
        expired(outcome.terms.validTo, "month", today, &outcome)
    }

    private static func purchase(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        notInFuture("received_on", content, today, &outcome)
        guard let received = content.day("received_on") else { return }
        var end = yearLater(received, years: 2)
        if let keepBy = content.day("keep_by") {
            if keepBy < received {
                outcome.faults.append(
                    ContentFault(
                        "keep_by", "ends_before_start", "保质期早于进货日期。", "The shelf life ended before the goods came.",
                        allowed: "≥ \(received.iso)"))
            }
            end = max(end, keepBy.adding(days: 183))
        }
        outcome.terms.validFrom = received
        outcome.terms.validTo = end
        outcome.terms.uniqueKey = ["supplier", "item", "batch", "received_on"].map { content.text($0) ?? "" }
            .joined(separator: "|")
        expired(end, "received_on", today, &outcome)
    }

    private static func inspection(
        _ content: ItemContent, _ today: LocalDate, _ calendar: WorkingCalendar, _ outcome: inout Outcome
    ) {
        notInFuture("inspected_on", content, today, &outcome)
        notInFuture("result_on", content, today, &outcome)
        guard let inspected = content.day("inspected_on"), let result = content.day("result_on") else { return }
        if result < inspected {
            outcome.faults.append(
                ContentFault(
                    "result_on", "ends_before_start", "结果日期早于检查日期。", "The result is older than the check.",
                    allowed: "≥ \(inspected.iso)"))
        }
        outcome.terms.validFrom = inspected
        outcome.terms.validTo = yearLater(inspected, years: inspectionShownYears)
        outcome.terms.isLate = publishBy(result: result, calendar).map { today > $0 } ?? false
        outcome.terms.uniqueKey = [content.text("organ") ?? "", inspected.iso].joined(separator: "|")
        expired(outcome.terms.validTo, "inspected_on", today, &outcome)
    }

    /// Last day on which a check is published in time; nil where the calendar of that year is not known.
    static func publishBy(result: LocalDate, _ calendar: WorkingCalendar) -> LocalDate? {
        do {
            let deadline = try calendar.deadline(from: result, workingDays: workingDaysToPublish)
            return deadline.unpublishedYears.isEmpty ? deadline.workingDays.last : nil
        } catch {
            return nil
        }
    }

    private static func selfCheck(_ content: ItemContent, _ today: LocalDate, _ outcome: inout Outcome) {
        notInFuture("date", content, today, &outcome)
        if content.text("found") == "yes" {
            for field in ["findings", "measures"] where content.text(field) == nil {
                outcome.faults.append(ContentCheck.missing(field))
            }
        }
        guard let day = content.day("date"), let period = content.text("period") else { return }
        let grace = ["daily": 7, "weekly": 14, "monthly": 62][period] ?? 7
        outcome.terms.validFrom = day
        outcome.terms.validTo = day.adding(days: grace)
        // Due by 24:00 of the day; allowed later, and told (domain §6: "daily items late, not lost").
        outcome.terms.isLate = today > day
        outcome.terms.uniqueKey = [period, day.iso].joined(separator: "|")
    }
}
