import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Assessments (考核, art 14) over JSON, under `/patrol/api/v1`.
struct AssessmentAPI: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct Created: Codable, Sendable { var assessmentId: String }

    func declare(_ routes: Routes) {
        routes.get("/assessments", .read(.urge)) { request, context in
            try await answering {
                let page = try PageRequest(request)
                let organ = context.principal?.organId
                let list = try await desk.pool.assessments(of: organ, limit: page.size, offset: page.offset)
                let total = try await desk.pool.assessmentCount(of: organ)
                return try Response.json(PageOf(list.map { AssessmentView($0) }, of: page, total: total))
            }
        }
        // What the facts are now; nothing is frozen.
        routes.get("/assessment-facts", .read(.urge)) { request, context in
            try await answering {
                let days = try Self.days(request, today: LocalDate(context.now))
                let facts = try await desk.assessmentFacts(from: days.from, to: days.to, for: try context.caller())
                return try Response.json(facts)
            }
        }
        // A school's own facts; of nobody else.
        routes.get("/own-assessment-facts", .action(.draftSchoolItems)) { request, context in
            try await answering {
                let days = try Self.days(request, today: LocalDate(context.now))
                return try Response.json(
                    try await desk.ownAssessmentFacts(from: days.from, to: days.to, for: try context.caller()))
            }
        }
        routes.post("/assessments", .action(.urge)) { request, context in
            try await commands.json(request, context, AssessmentOrder.self) { desk, caller, order in
                let id = try await desk.freezeAssessment(order, by: caller)
                return try Response.json(Created(assessmentId: id), status: .created)
            }
        }
        routes.get("/assessments/{assessment}", .read(.urge)) { _, context in
            try await answering {
                let file = try await desk.assessmentFile(try Self.id(context), for: try context.caller())
                return try Response.json(AssessmentView(file.record, content: file.content, changes: file.changes))
            }
        }
        routes.get("/assessments/{assessment}/export", .read(.urge)) { _, context in
            try await answering {
                let file = try await desk.assessmentFile(try Self.id(context), for: try context.caller())
                var response = Response.bytes(
                    try AssessmentExport.archive(file), contentType: "application/zip", cacheControl: "no-store")
                response.headers[.contentDisposition] =
                    "attachment; filename=\"assessment-\(file.record.lastDay.iso)-v\(file.record.version).zip\""
                return response
            }
        }
    }

    static func id(_ context: BrightContext) throws -> String {
        guard let id = context.parameters.get("assessment"), WellFormed.isIdentifier(id) else { throw Problem.notFound }
        return id
    }

    struct Days: Sendable {
        var from: LocalDate
        var to: LocalDate
    }

    /// `period` (`2026-2027-1` a term, `2026` a year), or `from` and `to`; without them the twelve weeks before today.
    static func days(_ request: Request, today: LocalDate) throws -> Days {
        func day(_ name: String) throws -> LocalDate? {
            guard let text = try request.query(name) else { return nil }
            guard let day = LocalDate(iso: text) else {
                throw Problem.invalid(
                    name, code: "not_a_date", zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23.",
                    allowed: "YYYY-MM-DD")
            }
            return day
        }
        if let code = try request.query("period") {
            guard let period = AssessmentPeriod(code: code), let from = period.firstDay, let to = period.lastDay else {
                throw Problem.invalid(
                    "period", code: "not_a_period", zh: "请填写学期（如 2026-2027-1）或年度（如 2026）。",
                    en: "Give a term such as 2026-2027-1 or a year such as 2026.",
                    allowed: "YYYY-YYYY-1, YYYY-YYYY-2, YYYY")
            }
            return Days(from: from, to: to)
        }
        let to = try day("to") ?? today.adding(days: -1)
        return Days(from: try day("from") ?? to.adding(days: -83), to: to)
    }
}

/// A frozen period in the interface.
struct AssessmentView: Codable, Sendable {
    var assessmentId: String
    var name: String
    var firstDay: LocalDate
    var lastDay: LocalDate
    var version: Int
    var formula: String
    var reason: String?
    var frozenAt: Instant
    var contentHash: String
    var content: AssessmentContent?
    /// What differs from the version before; absent for a first version and in lists.
    var changes: [AssessmentContent.Change]?

    init(_ record: AssessmentRecord, content: AssessmentContent? = nil, changes: [AssessmentContent.Change]? = nil) {
        assessmentId = record.assessmentId
        name = record.name
        firstDay = record.firstDay
        lastDay = record.lastDay
        version = record.version
        formula = record.formula
        reason = record.reason
        frozenAt = record.frozenAt
        contentHash = record.contentHash
        self.content = content
        self.changes = changes
    }
}
