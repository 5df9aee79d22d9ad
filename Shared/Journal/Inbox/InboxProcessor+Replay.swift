import Kafka
import Postgres

extension InboxProcessor {
    /// Handles a record again that was set aside, with the subscriptions of today.
    ///
    /// A parked stream goes on with the failed record and then all that wait behind it. A record that its stream went
    /// on without is handled out of order.
    func replay(_ record: ReceivedRecord, kind: DeadLetterKind) async throws -> ReplayOutcome {
        let incoming = read(record)
        if case .setAside(_, let error) = incoming.action { return .failedAgain(error: error) }
        guard kind == .handlerFailed, let envelope = incoming.envelope, let sequence = envelope.sequence else {
            return try await replayOutOfOrder(incoming)
        }
        let key = envelope.stream
        let isResumed: Bool
        do {
            isResumed = try await withDeadline(Self.handlerDeadline) {
                try await pool.transaction { transaction in
                    var turn = try await InboxTurn([], locking: key, store: store, transaction, read: read)
                    guard let progress = turn.progress(key), progress.isParked, progress.version + 1 == sequence else {
                        try await store.resolve(record, transaction)
                        return false
                    }
                    turn.resume(key)
                    _ = try await turn.takeKept(key)
                    _ = try await turn.finish()
                    try await store.resolve(record, transaction)
                    return true
                }
            }
        } catch let error where Self.isForeign(error) {
            throw error
        } catch {
            return .failedAgain(error: String(describing: error))
        }
        guard isResumed else { return .alreadyDone }
        let followers = try await takeFollowers(of: key, until: .now + Self.retryBudget)
        return .replayed(followers: followers)
    }

    private func replayOutOfOrder(_ incoming: IncomingRecord) async throws -> ReplayOutcome {
        do {
            try await withDeadline(Self.handlerDeadline) {
                try await pool.transaction { transaction in
                    if case .handle(let subscription, let decoded) = incoming.action {
                        try await subscription.handle([decoded], transaction)
                    }
                    try await store.resolve(incoming.record, transaction)
                }
            }
            return .replayed(followers: 0)
        } catch let error where Self.isForeign(error) {
            throw error
        } catch {
            return .failedAgain(error: String(describing: error))
        }
    }
}
