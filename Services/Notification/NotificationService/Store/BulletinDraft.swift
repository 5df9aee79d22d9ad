import Access
import Calendar
import Contracts
import Postgres

/// What an officer wrote, checked: everything that a bulletin by hand needs.
struct BulletinDraft: Sendable {
    /// 事由; the title is made of it.
    let cause: String
    let facts: String
    let requirement: String
    let urgency: BulletinUrgency
    /// Working days for the answer.
    let answerDays: Int
    let canteens: [Canteen]
    let problems: [BulletinProblem]
    let mains: [Organ]
    let copies: [Organ]
    /// Bulletin that this one corrects.
    let corrects: Bulletin?

    /// 标题 as officials write it.
    var title: String {
        let subject = cause.hasSuffix("通报") ? cause : "关于\(cause)的通报"
        return corrects?.number.map { "\(subject)（更正 \($0)）" } ?? subject
    }

    var evidence: [EvidenceReference] {
        var seen: Set<EvidenceID> = []
        return problems.flatMap(\.evidence).filter { seen.insert($0.evidenceId).inserted }
    }

    /// Writes it down; `id` names the draft that it replaces.
    func save(
        as id: BulletinID, of issuer: Organ, by person: PersonID, isNew: Bool, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        guard let canteen = canteens.first else { return }
        if isNew {
            try await transaction.execute(
                """
                INSERT INTO bulletin (bulletin_id, state, cause, canteen_id, school_id, issuing_organ_id,
                                      issuing_organ_name, drafted_by, created_at)
                VALUES (\(id), 'draft', \(BulletinCause.manual), \(canteen.id), \(canteen.schoolId), \(issuer.id),
                        \(issuer.name), \(person), \(now))
                """)
        }
        try await transaction.execute(
            """
            UPDATE bulletin SET
                title = \(cause), facts = \(facts), requirement = \(requirement), urgency = \(urgency),
                answer_days = \(answerDays), canteen_id = \(canteen.id), school_id = \(canteen.schoolId),
                corrects_id = \(corrects?.bulletinId), evidence = \(json: evidence), drafted_by = \(person),
                version = version + \(isNew ? 0 : 1)
            WHERE bulletin_id = \(id) AND state = 'draft'
            """)
        try await BulletinContents.replace(
            id, canteens: canteens.map(\.id), problems: problems.map(\.problemId), transaction)
        try await BulletinRecipients.remove(id, transaction)
        for organ in mains { try await BulletinRecipients.insert(id, organ, .main, nil, transaction) }
        for organ in copies { try await BulletinRecipients.insert(id, organ, .copy, nil, transaction) }
    }
}
