import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Bulletins as read.
enum BulletinStore {
    /// Which part of what a person may see.
    enum Box: String, CaseIterable, Sendable {
        /// What one's own organ has to receipt or answer, the earliest deadline first.
        case todo
        case received
        /// Issued by one's own organ, drafts with them.
        case issued
    }

    /// Which bulletins a person may see: their organ's own and those sent to it; a city or county regulator also
    /// those of the area; an auditor all. A draft is its own organ's business.
    static func visible(to principal: Principal) -> SQL {
        let own: SQL = """
            b.issuing_organ_id = \(principal.organId) OR m.organ_id IS NOT NULL
            """
        switch principal.role {
        case .auditor: return "b.state <> 'draft'"
        case .cityRegulator:
            let prefix = String((principal.divisionCode ?? "").prefix(4))
            return "\(own) OR (b.state <> 'draft' AND left(coalesce(b.division_code, c.division_code), 4) = \(prefix))"
        case .countyRegulator:
            return """
                \(own) OR (b.state <> 'draft' AND coalesce(b.division_code, c.division_code) = \(principal.divisionCode))
                """
        default: return own
        }
    }

    /// Newest first; drafts and those that wait come before everything else.
    static func page(
        visibleTo principal: Principal, state: Bulletin.State?, box: Box? = nil, _ request: PageRequest,
        _ executor: some PostgresExecutor
    ) async throws -> PageOf<Bulletin> {
        let filter: SQL = state.map { "AND b.state = \($0)" } ?? ""
        let from: SQL = """
            \(tables(principal)) WHERE (\(visible(to: principal))) \(filter) \(condition(box, principal))
            """
        let order: SQL =
            box == .todo
            ? "CASE WHEN m.receipted_at IS NULL THEN m.receipt_by ELSE m.answer_by END NULLS LAST, b.bulletin_id"
            : "(b.state IN ('draft', 'unroutable')) DESC, b.issued_at DESC NULLS LAST, b.bulletin_id DESC"
        let total = try await executor.first("SELECT count(*) AS n \(from)") { row -> Int in try row["n"] }
        let items = try await executor.query(
            "SELECT \(columns) \(from) ORDER BY \(order) LIMIT \(request.size) OFFSET \(request.offset)",
            bulletin(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    private static func condition(_ box: Box?, _ principal: Principal) -> SQL {
        switch box {
        case .todo: "AND m.role = 'main' AND m.answered_at IS NULL AND b.state NOT IN ('draft', 'closed')"
        case .received: "AND m.organ_id IS NOT NULL AND b.state <> 'draft'"
        case .issued: "AND b.issuing_organ_id = \(principal.organId)"
        case nil: ""
        }
    }

    /// nil also when this person may not see it. With canteens, problems and recipients.
    static func bulletin(
        _ id: BulletinID, visibleTo principal: Principal, locked: Bool = false, _ executor: some PostgresExecutor
    ) async throws -> Bulletin? {
        let lock: SQL = locked ? "FOR UPDATE OF b" : ""
        let found = try await executor.first(
            """
            SELECT \(columns) \(tables(principal))
            WHERE b.bulletin_id = \(id) AND (\(visible(to: principal))) \(lock)
            """, bulletin(from:))
        guard var found else { return nil }
        found.canteens = try await BulletinContents.canteens(id, executor).map(BulletinCanteen.init)
        found.problems = try await BulletinContents.problems(id, executor)
        found.recipients = try await BulletinRecipients.of(id, executor)
        found.attachments = try await BulletinAttachments.of(id, executor)
        return found
    }

    /// The bulletin of a finding.
    static func number(problem: ProblemID, _ executor: some PostgresExecutor) async throws -> Finding? {
        try await executor.first(
            """
            SELECT bulletin_id, number FROM bulletin
            WHERE problem_id = \(problem) AND cause IN ('problem_found', 'repeated_problem')
            """
        ) { Finding(bulletinId: try $0["bulletin_id"], number: try $0["number"]) }
    }

    struct Finding: Sendable {
        let bulletinId: BulletinID
        let number: String?
    }

    private static func tables(_ principal: Principal) -> SQL {
        """
        FROM bulletin b LEFT JOIN canteen c ON c.canteen_id = b.canteen_id
        LEFT JOIN bulletin_recipient m ON m.bulletin_id = b.bulletin_id AND m.organ_id = \(principal.organId)
            AND b.state <> 'draft'
        LEFT JOIN bulletin o ON o.bulletin_id = b.corrects_id
        LEFT JOIN bulletin n ON n.bulletin_id = b.corrected_by_id
        """
    }

    private static let columns: SQL = """
        b.*, coalesce(b.canteen_name, c.name) AS shown_canteen, coalesce(b.school_name, c.school_name) AS shown_school,
        coalesce(b.division_code, c.division_code) AS shown_division, o.number AS corrects_number,
        n.number AS corrected_by_number, m.organ_id AS own_organ_id, m.organ_name AS own_organ_name,
        m.department AS own_department, m.role AS own_role, m.receipt_by AS own_receipt_by, m.answer_by AS own_answer_by,
        m.delivered_at AS own_delivered_at, m.receipted_at AS own_receipted_at, m.answered_at AS own_answered_at,
        m.answer AS own_answer, m.overdue_at AS own_overdue_at, m.escalated_at AS own_escalated_at,
        m.urged_times AS own_urged_times, m.last_urged_at AS own_last_urged_at
        """

    private static func own(from row: Row) throws -> BulletinRecipient? {
        if try row.isNull("own_organ_id") { return nil }
        return BulletinRecipient(
            organId: try row["own_organ_id"], organName: try row["own_organ_name"],
            department: try row["own_department"], role: try row["own_role"], receiptBy: try row["own_receipt_by"],
            answerBy: try row["own_answer_by"], deliveredAt: try row["own_delivered_at"],
            receiptedAt: try row["own_receipted_at"], answeredAt: try row["own_answered_at"],
            answer: try row["own_answer"], overdueAt: try row["own_overdue_at"],
            escalatedAt: try row["own_escalated_at"], urgedTimes: try row["own_urged_times"],
            lastUrgedAt: try row["own_last_urged_at"])
    }

    @Sendable private static func bulletin(from row: Row) throws -> Bulletin {
        Bulletin(
            bulletinId: try row["bulletin_id"], state: try row["state"], waitingFor: try row["waiting_for"],
            number: try row["number"], cause: try row["cause"], canteenId: try row["canteen_id"],
            canteenName: try row["shown_canteen"], schoolId: try row["school_id"], schoolName: try row["shown_school"],
            schoolType: try row["school_type"], divisionCode: try row["shown_division"],
            cityDirect: try row["city_direct"], problemId: try row["problem_id"],
            issuingOrganId: try row["issuing_organ_id"], issuingOrganName: try row["issuing_organ_name"],
            receivingOrganId: try row["receiving_organ_id"], receivingOrganName: try row["receiving_organ_name"],
            department: try row["department"], zone: try row["zone"], itemCode: try row["item_code"],
            itemText: try row["item_text"], severity: try row["severity"], facts: try row["facts"],
            evidence: try row.json("evidence", as: [EvidenceReference].self), requirement: try row["requirement"],
            dueAt: try row["due_at"], createdAt: try row["created_at"], issuedAt: try row["issued_at"],
            receiptedAt: try row["receipted_at"], title: try row["title"], urgency: try row["urgency"],
            answerDays: try row["answer_days"], deadlinesProvisional: try row["is_provisional"],
            trigger: try row["trigger"], rule: try row["rule"], correctsId: try row["corrects_id"],
            correctsNumber: try row["corrects_number"], correctedById: try row["corrected_by_id"],
            correctedByNumber: try row["corrected_by_number"], closedAt: try row["closed_at"],
            closeNote: try row["close_note"], version: try row["version"], own: try own(from: row))
    }
}

extension BulletinCanteen {
    init(_ canteen: Canteen) {
        self.init(
            canteenId: canteen.id, canteenName: canteen.name, schoolId: canteen.schoolId,
            schoolName: canteen.schoolName, schoolType: canteen.schoolType, divisionCode: canteen.divisionCode)
    }
}
