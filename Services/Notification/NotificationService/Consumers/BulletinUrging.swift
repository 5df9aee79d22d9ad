import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// 催办 and 上报: who has not answered is urged by hand, reminded when the time is over, and reported to the organs above.
struct BulletinUrging: Sendable {
    let clock: any WallClock
    let webhooks: WebhookOutbox

    /// Urges every main receiver without an answer. Returns how many.
    func urge(
        _ bulletin: Bulletin, by organ: OrganID, note: String?, _ context: EventContext,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        guard let head = try await BulletinLife.head(bulletin.bulletinId, transaction) else { return 0 }
        let now = clock.now()
        let silent = (bulletin.recipients ?? []).filter(\.needsAnswer).sorted {
            $0.organId.rawValue < $1.organId.rawValue
        }
        for receiver in silent {
            try await transaction.execute(
                """
                UPDATE bulletin_recipient SET urged_times = urged_times + 1, last_urged_at = \(now)
                WHERE bulletin_id = \(bulletin.bulletinId) AND organ_id = \(receiver.organId)
                """)
            let event = BulletinUrged(
                bulletinId: bulletin.bulletinId, number: head.number, issuingOrganId: head.issuer,
                receivingOrganId: receiver.organId, department: receiver.department, urgedByOrganId: organ,
                note: note, urgedTimes: receiver.urgedTimes + 1, answerBy: receiver.answerBy, urgedAt: now)
            let eventId = try await transaction.publish(event, context, occurredAt: now)
            try await webhooks.offer(
                event, id: eventId,
                WebhookOutbox.Life(bulletinId: bulletin.bulletinId, canteenId: head.canteen, sender: organ),
                to: [receiver.organId], context, now: now, transaction)
            try await tell(
                .organ(receiver.organId), .bulletinUrged, bulletin.bulletinId, head, eventId.rawValue,
                due: receiver.answerBy, context, now, transaction)
        }
        return silent.count
    }

    /// A receiver passes the urging on to the schools that the bulletin is about. Returns how many schools.
    func urgeSchools(
        _ bulletin: Bulletin, by organ: OrganID, note: String?, _ context: EventContext,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        let now = clock.now()
        let canteens = bulletin.canteens ?? []
        var told: Set<SchoolID> = []
        for canteen in canteens where told.insert(canteen.schoolId).inserted {
            let problem = bulletin.problems?.first { $0.canteenId == canteen.canteenId && $0.isOpen }
            let link = problem.map { "/patrol/problems/\($0.problemId)" } ?? "/registry/school"
            let eventId = try await transaction.record(
                "brightkitchen.notification.school.urged.v1", subject: bulletin.bulletinId.rawValue,
                data: SchoolUrged(schoolId: canteen.schoolId, urgedByOrganId: organ, note: note),
                context, occurredAt: now)
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: .bulletinUrged, eventId: eventId.rawValue, canteenId: canteen.canteenId, occurredAt: now,
                    isOpen: true, dueAt: bulletin.dueAt),
                about: .matter("bulletin:\(bulletin.bulletinId)", link: link), to: .school(canteen.schoolId),
                context, now: now, transaction)
        }
        return told.count
    }

    /// The answer of one receiver is overdue: the receiver and the issuer are told, once.
    func remind(_ late: Late, _ context: EventContext, _ transaction: PostgresTransaction) async throws -> Bool {
        let now = clock.now()
        let marked = try await transaction.execute(
            """
            UPDATE bulletin_recipient SET overdue_at = \(now)
            WHERE bulletin_id = \(late.bulletinId) AND organ_id = \(late.organId) AND overdue_at IS NULL
              AND answered_at IS NULL
            """)
        guard marked == 1, let head = try await BulletinLife.head(late.bulletinId, transaction) else { return false }
        let eventId = try await transaction.record(
            "brightkitchen.notification.bulletin.overdue.v1", subject: late.bulletinId.rawValue,
            data: Overdue(organId: late.organId, answerBy: late.answerBy), context, occurredAt: now)
        for organ in [late.organId, head.issuer] {
            try await tell(
                .organ(organ), .bulletinOverdue, late.bulletinId, head, eventId.rawValue, due: late.answerBy, context,
                now, transaction)
        }
        return true
    }

    /// Still no answer: the organs above the receiver and above the issuer are told, once, and may read it from now on.
    func escalate(_ late: Late, _ context: EventContext, _ transaction: PostgresTransaction) async throws -> Bool {
        let now = clock.now()
        let marked = try await transaction.execute(
            """
            UPDATE bulletin_recipient SET escalated_at = \(now)
            WHERE bulletin_id = \(late.bulletinId) AND organ_id = \(late.organId) AND escalated_at IS NULL
              AND answered_at IS NULL
            """)
        guard marked == 1, let head = try await BulletinLife.head(late.bulletinId, transaction) else { return false }
        var above: [Organ] = []
        for organ in [late.organId, head.issuer] {
            let superior = try await RegistryStore.superior(of: organ, transaction)
            if let superior, superior.id != head.issuer, !above.contains(superior) { above.append(superior) }
        }
        for organ in above {
            try await BulletinRecipients.insert(late.bulletinId, organ, .superior, nil, transaction)
        }
        let event = BulletinEscalated(
            bulletinId: late.bulletinId, number: head.number, issuingOrganId: head.issuer,
            receivingOrganId: late.organId, department: late.department, answerBy: late.answerBy,
            toOrganIds: above.map(\.id), escalatedAt: now)
        let eventId = try await transaction.publish(event, context, occurredAt: now)
        try await webhooks.offer(
            event, id: eventId,
            WebhookOutbox.Life(bulletinId: late.bulletinId, canteenId: head.canteen, sender: head.issuer),
            to: [late.organId, head.issuer] + above.map(\.id), context, now: now, transaction)
        for organ in above {
            try await tell(
                .organ(organ.id), .bulletinEscalated, late.bulletinId, head, eventId.rawValue, due: nil, context, now,
                transaction)
        }
        return true
    }

    /// A main receiver whose answer is overdue.
    struct Late: Sendable {
        let bulletinId: BulletinID
        let organId: OrganID
        let department: Department
        let answerBy: Instant
    }

    private func tell(
        _ recipient: Recipient, _ kind: NoticeKind, _ id: BulletinID, _ head: BulletinLife.Head, _ eventId: String,
        due: Instant?, _ context: EventContext, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: kind, eventId: eventId, canteenId: head.canteen, occurredAt: now, isOpen: true, dueAt: due),
            about: .bulletin(id), to: recipient, context, now: now, transaction)
    }

    private struct SchoolUrged: Encodable {
        let schoolId: SchoolID
        let urgedByOrganId: OrganID
        let note: String?
    }

    private struct Overdue: Encodable {
        let organId: OrganID
        let answerBy: Instant
    }
}
