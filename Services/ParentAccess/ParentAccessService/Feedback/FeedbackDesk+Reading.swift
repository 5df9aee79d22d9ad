import Contracts
import Postgres
import ServiceKit

extension FeedbackDesk {
    /// What this form has sent already, if it has.
    func sent(key: String?, by account: RepresentativeAccount) async throws -> FeedbackID? {
        guard let key else { return nil }
        return try await pool.first(
            """
            SELECT feedback_id FROM feedback
            WHERE representative_id = \(account.representativeId) AND form_key = \(key)
            """
        ) { row -> FeedbackID in try row["feedback_id"] }
    }

    /// The reporter's own; 404 for anybody else's.
    func own(_ id: FeedbackID, _ account: RepresentativeAccount) async throws -> FeedbackRecord {
        guard let record = try await FeedbackStore.find(id, pool), record.representativeId == account.representativeId
        else { throw Problem.notFound }
        return record
    }

    /// The reporter's words; nil after erasure.
    func words(_ id: FeedbackID) async throws -> String? {
        guard let sealed = try await FeedbackStore.words(id, pool) else { return nil }
        return try keys.open(sealed, at: FeedbackStore.place(id))
    }

    /// A photograph; the caller has checked who may see the feedback.
    func photograph(_ id: FeedbackID, _ number: String?) async throws -> [UInt8] {
        guard let number = number.flatMap({ Int($0) }),
            let digest = try await FeedbackStore.photo(id, number, pool)
        else { throw Problem.notFound }
        return try await files.get(digest)
    }

    /// One decision of a supervisor, from a form or from JSON.
    func decide(_ id: FeedbackID, _ form: FormData, _ context: BrightContext) async throws {
        var check = form.check()
        let step = form.optional("decision").flatMap { FeedbackState.Step(rawValue: $0) }
        switch step {
        case .forward:
            let text = check.text("text", maximum: Self.wordsAtMost, screened: true)
            try check.done()
            try await forward(id, text: text, withPhotos: form.optional("with_photos") == "yes", context)
        case .refuse:
            let text = check.text("text", maximum: Self.wordsAtMost, screened: true)
            try check.done()
            try await refuse(id, reason: text, context)
        case .confirm:
            let text = check.text("text", maximum: Self.wordsAtMost, screened: true)
            let zone: ZoneCode? = check.choice("zone")
            let severity = check.integer("severity", in: 1...3)
            try check.done()
            guard let zone else { return }
            try await confirm(id, zone: zone, severity: severity, description: text, context)
        case .close:
            let note = check.optionalText("text", maximum: Self.wordsAtMost, screened: true)
            try check.done()
            try await close(id, note: note, context)
        case .answer, nil:
            throw Problem.invalid(
                "decision", code: "not_allowed", zh: "请从选项中选择。", en: "Please choose one of the options.",
                allowed: "forward, refuse, confirm, close")
        }
    }
}
