/// Lets a bounded number of pieces of work run at a time; a bounded number waits in order; the rest is turned away.
public actor ProcessSlots {
    public struct Full: Error {}

    private var free: Int
    private let longestQueue: Int
    private var queue: [CheckedContinuation<Void, Never>] = []

    public init(count: Int, waiting: Int) {
        free = count
        longestQueue = waiting
    }

    /// How many wait now.
    var waiting: Int { queue.count }

    public func run<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        try await enter()
        do {
            let value = try await work()
            leave()
            return value
        } catch {
            leave()
            throw error
        }
    }

    private func enter() async throws {
        if free > 0 {
            free -= 1
            return
        }
        guard queue.count < longestQueue else { throw Full() }
        await withCheckedContinuation { queue.append($0) }
    }

    /// Hands the slot to the next in the queue.
    private func leave() {
        if queue.isEmpty {
            free += 1
        } else {
            queue.removeFirst().resume()
        }
    }
}
