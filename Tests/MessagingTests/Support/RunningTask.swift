/// A relay or consumer at work in a task of its own.
struct RunningTask: Sendable {
    let task: Task<Void, any Error>

    init(_ work: @escaping @Sendable () async throws -> Void) {
        task = Task { try await work() }
    }

    /// Ends it without a chance to finish what it had begun.
    func kill() async {
        task.cancel()
        _ = await task.result
    }
}
