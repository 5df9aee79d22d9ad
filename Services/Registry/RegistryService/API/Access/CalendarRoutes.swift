import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Postgres
import ServiceKit

/// The working-day calendar for people and programs: what is published, and how any deadline comes about.
struct CalendarRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let calendars: CalendarSource
    private let rule: AccessRule

    init(runtime: ServiceRuntime, evaluator: AccessEvaluator) {
        self.runtime = runtime
        calendars = evaluator.calendars
        rule = evaluator.rule
    }

    func declare(_ routes: Routes) {
        routes.get("/calendar", .signedIn, use: show)
        routes.get("/v1/calendar", .signedIn, use: document)
        routes.get("/v1/calendar/deadline", .signedIn, use: deadline)
    }

    // MARK: the question

    private static func start(_ text: String) throws -> LocalDate {
        guard let date = LocalDate(iso: text), (1990...2100).contains(date.year) else {
            throw Problem.invalid(
                "issued_on", code: "not_a_date", zh: "请填写日期，例如 2026-11-23。",
                en: "Please give a date such as 2026-11-23.",
                allowed: "1990-01-01…2100-12-31")
        }
        return date
    }

    private func count(_ text: String?) throws -> Int {
        guard let text, !text.isEmpty else { return rule.workingDays }
        guard let number = Int(text), (1...1_000).contains(number) else {
            throw Problem.invalid(
                "working_days", code: "not_in_range", zh: "工作日数在 1 到 1000 之间。", en: "Working days are 1 to 1000.",
                allowed: "1…1000")
        }
        return number
    }

    // MARK: JSON

    private struct DeadlineDocument: Encodable {
        let start: LocalDate
        let deadline: LocalDate
        let provisional: Bool
        let calendarVersion: String
        let workingDays: [LocalDate]
        let skippedDays: [AccessDocument.SkippedDay]
        let unpublishedYears: [Int]
    }

    @Sendable private func deadline(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let text = try request.query("issued_on") else {
            throw Problem.invalid("issued_on", code: "missing", zh: "此项必填。", en: "This field is required.")
        }
        let start = try Self.start(text)
        let count = try count(try request.query("working_days"))
        let edition = try await calendars.current(runtime.pool)
        let answer = try edition.calendar.deadline(from: start, workingDays: count)
        return try .json(
            DeadlineDocument(
                start: start, deadline: answer.date, provisional: answer.isProvisional,
                calendarVersion: edition.label, workingDays: answer.workingDays,
                skippedDays: answer.skipped.map { AccessDocument.SkippedDay(date: $0.date, reason: $0.reason) },
                unpublishedYears: answer.unpublishedYears))
    }

    private struct CalendarDocument: Encodable {
        struct Version: Encodable {
            let calendarVersion: String
            let loadedAt: Instant
            let loadedYears: [Int]
        }

        struct Day: Encodable {
            let date: LocalDate
            let name: String
            let isOff: Bool
        }

        let calendarVersion: String
        let publishedYears: [Int]
        let versions: [Version]
        let days: [Day]
    }

    @Sendable private func document(_ request: Request, _ context: BrightContext) async throws -> Response {
        let edition = try await calendars.current(runtime.pool)
        return try .json(
            CalendarDocument(
                calendarVersion: edition.label, publishedYears: edition.years,
                versions: try await CalendarStore.versions(runtime.pool).map {
                    CalendarDocument.Version(
                        calendarVersion: String($0.number), loadedAt: $0.loadedAt, loadedYears: $0.years)
                },
                days: edition.notices.flatMap(\.days).sorted { $0.date < $1.date }.map {
                    CalendarDocument.Day(date: $0.date, name: $0.name, isOff: $0.isOffDay)
                }))
    }

    // MARK: the page

    private struct Answer {
        let title: String
        let isProvisional: Bool
        let provisional: String
        let days: [[String: String]]
        let skipped: [[String: String]]
    }

    private struct Model {
        let fields: [FormField]
        let answer: Answer?
        let versions: [[String: String]]
        let years: [[String: String]]
        let isUnpublished: Bool
        let unpublished: String
    }

    @Sendable private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let issued = try request.query("issued_on") ?? ""
        let number = try request.query("working_days") ?? ""
        let edition = try await calendars.current(runtime.pool)
        do {
            let count = try count(number)
            let answer =
                try issued.isEmpty
                ? nil : edition.calendar.deadline(from: Self.start(issued), workingDays: count)
            return try await render(issued, String(count), answer, edition, nil, context, status: .ok)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await render(issued, number, nil, edition, problem, context, status: problem.status)
        }
    }

    private func render(
        _ issued: String, _ number: String, _ answer: WorkingDayDeadline?, _ edition: CalendarEdition,
        _ problem: Problem?, _ context: BrightContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let words = AccessWords(pages: runtime.pages, context: context)
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let nextYear = LocalDate(context.now).year + 1
        let model = Model(
            fields: [
                FormField(
                    "issued_on", label: words.text("calendar.issued_on"), value: issued, type: "date",
                    hint: words.text("calendar.issued_hint"), fault: fault("issued_on")),
                FormField(
                    "working_days", label: words.text("calendar.working_days"), value: number, type: "number",
                    fault: fault("working_days")),
            ], answer: answer.map { explain($0, words) },
            versions: try await CalendarStore.versions(runtime.pool).map {
                [
                    "number": String($0.number), "time": CameraViews.time($0.loadedAt),
                    "years": $0.years.map(String.init).joined(separator: " "),
                ]
            },
            years: edition.notices.reversed().map { notice in
                [
                    "year": String(notice.year), "off": String(notice.days.count { $0.isOffDay }),
                    "work": String(notice.days.count { !$0.isOffDay }),
                    "papers": notice.papers.joined(separator: " "),
                ]
            }, isUnpublished: !edition.years.contains(nextYear),
            unpublished: words.text("calendar.unpublished", ["year": String(nextYear)]))
        return try runtime.pages.render(
            "calendar", context,
            PageMeta(
                title: words.text("calendar.title"), lead: words.text("calendar.lead"), current: "access"),
            model: model, status: status)
    }

    private func explain(_ answer: WorkingDayDeadline, _ words: AccessWords) -> Answer {
        Answer(
            title: words.text(
                "calendar.answer", ["n": String(answer.workingDays.count), "date": answer.date.iso]),
            isProvisional: answer.isProvisional,
            provisional: words.text(
                "calendar.provisional",
                ["years": answer.unpublishedYears.map(String.init).joined(separator: " ")]),
            days: answer.workingDays.enumerated().map { index, day in
                ["number": String(index + 1), "date": day.iso, "weekday": words.text("weekday.\(day.weekday)")]
            },
            skipped: answer.skipped.map {
                [
                    "date": $0.date.iso, "weekday": words.text("weekday.\($0.date.weekday)"),
                    "reason": $0.reason ?? words.text("access.weekend"),
                ]
            })
    }
}
