import Concurrency

/// Decides whether a failed transaction is run again: at most three times, after 5–80 ms with jitter.
struct TransactionRetries {
    private var left = 3
    private var backoff = Backoff(base: .milliseconds(10), maximum: .milliseconds(80))

    /// Returns when the transaction should be run again, otherwise throws the error.
    ///
    /// Safe to repeat: serialization failures and deadlocks (the server rolled back), and a connection that was lost
    /// before COMMIT was sent. A lost COMMIT has its own code and is never repeated.
    mutating func waitBeforeRetry(after error: any Error) async throws {
        guard left > 0, let failure = error as? PostgresError,
            failure.isSerializationFailure || failure.isConnectionLost || failure.isStalePlan
        else { throw error }
        left -= 1
        try await Task.sleep(for: backoff.next())
    }
}
