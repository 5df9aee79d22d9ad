import Calendar
import Contracts
import ServiceKit

/// What the page `canteen` shows: four verdicts first, then what stands behind each.
struct CanteenModel {
    struct Verdict {
        let anchor: String
        let label: String
        let value: String
        let detail: String
        let tone: String
    }

    struct Fact {
        let label: String
        let value: String
    }

    /// Opens the reader's own map application.
    struct Locator {
        let path: String
        let text: String
    }

    struct Meal {
        let name: String
        let dishes: String
    }

    struct Zone {
        let name: String
        let active: Int
        let total: Int
        let tone: String
    }

    let isClosed: Bool
    let verdicts: [Verdict]
    let licence: [Fact]
    let licenceState: String
    let licenceTone: String
    let categories: [CategoryModel]
    let missingText: String?
    let problems: [ProblemModel]
    let hasProblems: Bool
    let moreClosed: String?
    let zones: [Zone]
    let hasZones: Bool
    let facts: [Fact]
    let position: Locator?
    /// Today's, where the school discloses it.
    let menu: [Meal]
    let hasMenu: Bool
    let asOf: String
    let path: String
    let today: String
    let comparison: [Fact]

    /// `district`: what the canteens of the same division have on average.
    init(
        _ page: CanteenPage, menu today: Menu?, district: DistrictFigures?, as audience: Audience, words: PortalWords
    ) {
        let summary = page.summary
        let state = page.licence.state(today: words.today)
        isClosed = !summary.operating
        verdicts = [
            Self.licenceVerdict(page.licence, state, words), Self.gradeVerdict(summary, words),
            Self.publicationVerdict(summary.completeness, words),
            Self.problemVerdict(page, words), Self.cameraVerdict(summary, words),
        ]
        licence = Self.licenceFacts(page.licence, words)
        licenceState = words.text("licence.\(state.rawValue)")
        licenceTone = Tone(state).rawValue
        categories = DisclosureCategory.allCases.map { category in
            CategoryModel(
                category, page.items, isPublished: summary.completeness.present.contains(category),
                of: summary.canteenId, as: audience, words)
        }
        let missing = summary.completeness.missing
        missingText = missing.isEmpty ? nil : words.text("category.missing_count", ["n": String(missing.count)])
        problems = page.problems.map { ProblemModel($0, words) }
        hasProblems = !page.problems.isEmpty
        moreClosed =
            page.closedProblems > CanteenPageQuery.closedProblemsShown
            ? words.text(
                "problem.more_closed",
                ["shown": String(CanteenPageQuery.closedProblemsShown), "n": String(page.closedProblems)]) : nil
        zones = page.cameras.map { zone in
            Zone(
                name: words.label(zone.zone), active: zone.active, total: zone.total,
                tone: (zone.active == zone.total ? Tone.good : zone.active == 0 ? .bad : .warning).rawValue)
        }
        hasZones = !page.cameras.isEmpty
        facts = [
            Fact(label: words.text("facts.serving_mode"), value: page.servingMode),
            Fact(label: words.text("facts.diners"), value: String(page.diners)),
        ]
        position = summary.position.map { position in
            let place = position.wgs84
            func degrees(_ value: Double) -> Double { (value * 1_000_000).rounded() / 1_000_000 }
            let point = "\(degrees(place.latitude)),\(degrees(place.longitude))"
            return Locator(path: "geo:\(point)", text: point)
        }
        let separator = words.context.language == .zh ? "、" : ", "
        menu = (today?.meals ?? []).map {
            Meal(name: words.text("menu.\($0.meal.rawValue)"), dishes: $0.dishes.joined(separator: separator))
        }
        hasMenu = !menu.isEmpty
        asOf = words.text("page.as_of", ["time": words.time(words.now)])
        path = "/disclosure/canteens/\(summary.canteenId.rawValue)"
        self.today = words.today.iso
        comparison = Self.comparison(summary, district, words)
    }

    private static func licenceVerdict(
        _ licence: LicenceDisclosure, _ state: LicenceState, _ words: PortalWords
    ) -> Verdict {
        let detail =
            if let revokedOn = licence.revokedOn {
                words.text("licence.revoked_on", ["day": words.day(revokedOn)])
            } else {
                words.text("licence.valid_to", ["day": words.day(licence.validTo)])
            }
        return Verdict(
            anchor: "licence", label: words.text("verdict.licence"), value: words.text("licence.\(state.rawValue)"),
            detail: detail, tone: Tone(state).rawValue)
    }

    /// New canteens are "not yet graded", never blank and never the worst grade.
    private static func gradeVerdict(_ summary: CanteenSummary, _ words: PortalWords) -> Verdict {
        let grade = summary.grade ?? CanteenFilter.Grade.ungraded.rawValue
        return Verdict(
            anchor: "category-D2", label: words.text("verdict.grade"), value: words.text("grade.\(grade)"),
            detail: summary.gradedOn.map { words.text("grade.on", ["day": words.day($0)]) }
                ?? words.text("grade.none_yet"),
            tone: (["excellent": Tone.good, "good": .good, "fair": .warning][grade] ?? .neutral).rawValue)
    }

    private static func comparison(
        _ summary: CanteenSummary, _ district: DistrictFigures?, _ words: PortalWords
    ) -> [Fact] {
        guard let district, district.canteens >= DistrictFigures.fewest else { return [] }
        return [
            Fact(
                label: words.text("compare.published"),
                value: words.text(
                    "compare.value",
                    ["own": String(summary.completeness.present.count), "district": district.meanPublished])),
            Fact(
                label: words.text("compare.problems"),
                value: words.text(
                    "compare.value", ["own": String(summary.openProblems), "district": district.meanProblems])),
            Fact(
                label: words.text("compare.complete"),
                value: words.text(
                    "compare.share", ["n": String(district.complete), "of": String(district.canteens)])),
        ]
    }

    private static func publicationVerdict(_ completeness: Completeness, _ words: PortalWords) -> Verdict {
        let missing = completeness.missing.count
        return Verdict(
            anchor: "categories", label: words.text("verdict.published"),
            value: "\(completeness.present.count) / \(completeness.total)",
            detail: missing == 0
                ? words.text("verdict.published_all") : words.text("verdict.published_missing", ["n": String(missing)]),
            tone: (missing == 0 ? Tone.good : .warning).rawValue)
    }

    private static func problemVerdict(_ page: CanteenPage, _ words: PortalWords) -> Verdict {
        let open = page.summary.openProblems
        let overdue = page.problems.contains { $0.stage.isOverdue(rectifyBy: $0.rectifyBy, now: words.now) }
        return Verdict(
            anchor: "problems", label: words.text("verdict.problems"),
            value: open == 0
                ? words.text("verdict.problems_none") : words.text("verdict.problems_open", ["n": String(open)]),
            detail: words.text("verdict.problems_closed", ["n": String(page.closedProblems)]),
            tone: (open == 0 ? Tone.good : overdue ? .bad : .warning).rawValue)
    }

    private static func cameraVerdict(_ summary: CanteenSummary, _ words: PortalWords) -> Verdict {
        let active = summary.activeCameras
        return Verdict(
            anchor: "cameras", label: words.text("verdict.cameras"),
            value: active == 0
                ? words.text("verdict.cameras_none") : words.text("verdict.cameras_active", ["n": String(active)]),
            detail: words.text("verdict.cameras_total", ["n": String(summary.cameras)]),
            tone: (active == 0 ? Tone.neutral : active == summary.cameras ? .good : .warning).rawValue)
    }

    private static func licenceFacts(_ licence: LicenceDisclosure, _ words: PortalWords) -> [Fact] {
        var facts = [
            Fact(label: words.text("licence.number"), value: licence.number),
            Fact(label: words.text("licence.holder"), value: licence.holder),
            Fact(label: words.text("licence.premises"), value: licence.premises),
            Fact(label: words.text("licence.issued_on"), value: words.day(licence.issuedOn)),
            Fact(label: words.text("licence.valid_until"), value: words.day(licence.validTo)),
        ]
        if let caterer = licence.catererNumber {
            facts.append(Fact(label: words.text("licence.caterer"), value: caterer))
        }
        if let revokedOn = licence.revokedOn {
            facts.append(Fact(label: words.text("licence.revoked_day"), value: words.day(revokedOn)))
        }
        return facts
    }
}
