import Access
import Attachments
import Calendar
import Concurrency
import Contracts
import Journal
import PersonalData
import Postgres
import ServiceKit

/// What people do about feedback: send it, decide about it, answer it (art 12; deadlines as for 投诉举报).
struct FeedbackDesk: Sendable {
    /// Of one reporter in 24 hours.
    static let perDay = 10
    static let photosAtMost = 3
    static let wordsAtMost = 1000

    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let keys: PersonalDataKeys
    let photographs: AttachmentIntake
    let files: AttachmentStore
    let calendar: WorkingCalendar
    let days: FeedbackDays

    struct Draft: Sendable {
        let canteenId: CanteenID
        let kind: FeedbackKind
        let zone: ZoneCode?
        let words: String
        let photos: [UploadedFile]
    }

    /// Takes feedback of a representative about a canteen of the own school, or a caterer that supplies it.
    func send(
        _ draft: Draft, by account: RepresentativeAccount, key: String?, _ context: EventContext
    ) async throws -> FeedbackID {
        let now = clock.now()
        guard canteens(of: account, at: now).contains(where: { $0.canteenId == draft.canteenId }) else {
            throw Problem.notFound
        }
        guard draft.photos.count <= Self.photosAtMost else {
            throw Problem.invalid(
                "photo", code: "too_many_files", zh: "最多 \(Self.photosAtMost) 张照片。",
                en: "At most \(Self.photosAtMost) photographs.", allowed: "≤ \(Self.photosAtMost)")
        }
        let recent = try await FeedbackStore.count(
            by: account.representativeId, since: now - .seconds(86_400), pool)
        guard recent < Self.perDay else {
            throw Problem.tooManyRequests(
                retryAfter: 3600, zh: "今天提交的反馈过多，请稍后再试。", en: "You have sent a lot today. Please try again later.")
        }
        var stored: [Attachment] = []
        for photo in draft.photos {
            stored.append(try await photographs.accept(photo, field: "photo", allowing: [.jpeg, .png, .webp]))
        }
        let id = FeedbackID.new()
        let decideBy = try days.deadline(from: now, workingDays: days.decision, calendar)
        let sealed = try keys.seal(draft.words, at: FeedbackStore.place(id))
        try await pool.transaction { [stored] tx in
            try await tx.execute(
                """
                INSERT INTO feedback (feedback_id, canteen_id, school_id, representative_id, kind, zone, state,
                    received_at, updated_at, decide_by, form_key)
                SELECT \(id), canteen_id, school_id, \(account.representativeId), \(draft.kind), \(draft.zone),
                    'received', \(now), \(now), \(decideBy), \(key)
                FROM canteen WHERE canteen_id = \(draft.canteenId)
                """)
            try await tx.execute(
                "INSERT INTO feedback_words (feedback_id, words) VALUES (\(id), \(sealed))")
            for (index, photo) in stored.enumerated() {
                try await tx.execute(
                    """
                    INSERT INTO feedback_photo (feedback_id, number, sha256, byte_count)
                    VALUES (\(id), \(index + 1), \(photo.digest), \(photo.byteCount))
                    """)
            }
            try await FeedbackStore.step(id, "received", by: "representative", at: now, tx)
            guard let record = try await FeedbackStore.find(id, tx) else { throw Problem.notFound }
            // Not in the reporter's name: the journal is read by more people than may know it.
            var unnamed = context
            unnamed.actor = .system("parent-access")
            try await tx.publish(
                FeedbackReceived(
                    feedbackId: id, canteenId: record.canteenId, schoolId: record.schoolId, kind: record.kind,
                    zone: record.zone, receivedAt: now, decideBy: record.decideBy), unnamed, occurredAt: now)
        }
        return id
    }

    /// Canteens that a representative may write about.
    func canteens(of account: RepresentativeAccount, at now: Instant) -> [CanteenFacts] {
        let school = live.school(account.schoolId)
        let caterers = school.suppliers.filter { $0.covers(LocalDate(now)) }.map(\.catererId)
        return ([account.schoolId] + caterers).flatMap { live.canteens(of: $0) }
    }

    // MARK: supervisors

    /// Passes it on to the school, in words that do not give the reporter away.
    func forward(
        _ id: FeedbackID, text: String, withPhotos: Bool, _ context: BrightContext
    ) async throws {
        let now = clock.now()
        let answerBy = try days.deadline(from: now, workingDays: days.answer, calendar)
        try await move(id, .forward, context, now) { record, tx in
            try await FeedbackStore.setState(
                id, .forwarded,
                also: ", passed_on = \(text), passes_photos = \(withPhotos), answer_by = \(answerBy)", at: now, tx)
            try await FeedbackStore.step(id, "forwarded", by: "organ", at: now, tx)
        }
    }

    func refuse(_ id: FeedbackID, reason: String, _ context: BrightContext) async throws {
        let now = clock.now()
        try await move(id, .refuse, context, now) { record, tx in
            try await FeedbackStore.setState(id, .refused, also: ", closed_at = \(now)", at: now, tx)
            try await FeedbackStore.step(id, "refused", by: "organ", note: reason, at: now, tx)
        }
    }

    /// 查实: the patrol ledger makes it a problem with the same id.
    func confirm(
        _ id: FeedbackID, zone: ZoneCode, severity: Int, description: String, _ context: BrightContext
    ) async throws {
        let now = clock.now()
        let principal = try context.requirePrincipal()
        guard let organ = principal.organId else { throw Problem.forbidden }
        try await move(id, .confirm, context, now) { record, tx in
            try await FeedbackStore.setState(id, .confirmed, also: ", zone = \(zone)", at: now, tx)
            try await FeedbackStore.step(id, "confirmed", by: "organ", note: description, at: now, tx)
            try await tx.publish(
                FeedbackConfirmed(
                    feedbackId: id, canteenId: record.canteenId, schoolId: record.schoolId, organId: organ,
                    confirmedBy: principal.personId, zone: zone, severity: severity, description: description,
                    confirmedAt: now), try context.eventContext(), occurredAt: now)
        }
    }

    func close(_ id: FeedbackID, note: String?, _ context: BrightContext) async throws {
        let now = clock.now()
        try await move(id, .close, context, now) { record, tx in
            // A confirmed complaint ends with its problem, not by hand.
            guard record.state != .confirmed else { throw Self.wrongState(record.state) }
            try await FeedbackStore.setState(id, .closed, also: ", closed_at = \(now)", at: now, tx)
            try await FeedbackStore.step(id, "closed", by: "organ", note: note, at: now, tx)
        }
    }

    private func move(
        _ id: FeedbackID, _ step: FeedbackState.Step, _ context: BrightContext, _ now: Instant,
        _ effect: @Sendable @escaping (FeedbackRecord, PostgresTransaction) async throws -> Void
    ) async throws {
        try await pool.transaction { tx in
            let record = try await authorised(id, context, locked: true, intent: .perform, tx)
            guard record.state.after(step, kind: record.kind) != nil else { throw Self.wrongState(record.state) }
            try await effect(record, tx)
            guard step != .confirm else { return }
            try await tx.record(
                "brightkitchen.parent-access.feedback.\(step.fact).v1", subject: record.canteenId.rawValue,
                data: ["feedback_id": id.rawValue, "canteen_id": record.canteenId.rawValue],
                try context.eventContext(), occurredAt: now)
        }
    }

    /// The record, if the supervisor's area reaches it; 404 otherwise.
    func authorised(
        _ id: FeedbackID, _ context: BrightContext, locked: Bool = false, intent: Intent = .read,
        _ database: some PostgresExecutor
    ) async throws -> FeedbackRecord {
        guard let record = try await FeedbackStore.find(id, locked: locked, database),
            let canteen = live.canteen(record.canteenId)
        else { throw Problem.notFound }
        try context.authorise(.moderateFeedback, on: canteen.resource, intent: intent)
        return record
    }

    // MARK: schools

    /// The record as a school may see it: passed on, and its own.
    func ofSchool(
        _ id: FeedbackID, _ context: BrightContext, locked: Bool = false, _ database: some PostgresExecutor
    ) async throws -> FeedbackRecord {
        let principal = try context.requirePrincipal()
        guard let school = principal.schoolId,
            let record = try await FeedbackStore.find(id, locked: locked, database), record.schoolId == school,
            record.passedOn != nil
        else { throw Problem.notFound }
        try context.authorise(.replyToFinding, on: Resource(schoolId: school, catererId: school))
        return record
    }

    func answer(_ id: FeedbackID, text: String, _ context: BrightContext) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            let record = try await ofSchool(id, context, locked: true, tx)
            guard record.state.after(.answer, kind: record.kind) != nil else { throw Self.wrongState(record.state) }
            try await FeedbackStore.setState(
                id, .answered, also: ", answer = \(text), answered_at = \(now)", at: now, tx)
            try await FeedbackStore.step(id, "answered", by: "school", note: text, at: now, tx)
            try await tx.publish(
                FeedbackAnswered(
                    feedbackId: id, canteenId: record.canteenId, schoolId: record.schoolId, answeredAt: now),
                try context.eventContext(), occurredAt: now)
        }
    }

    static func wrongState(_ state: FeedbackState) -> Problem {
        Problem.conflict(
            code: "feedback_\(state.rawValue)", zh: "反馈当前状态不允许此操作。", en: "The feedback's state does not allow this.")
    }
}

extension FeedbackState.Step {
    /// Past tense, for journal types.
    var fact: String {
        switch self {
        case .forward: "forwarded"
        case .refuse: "refused"
        case .answer: "answered"
        case .confirm: "confirmed"
        case .close: "closed"
        }
    }
}
