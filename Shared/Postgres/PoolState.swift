/// Who has, wants and waits for connections; decisions only, no effects.
struct PoolState {
    struct Waiter: Sendable {
        let number: Int
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<PostgresConnection, any Error>
    }

    enum Enqueued {
        case closed
        case ready(PostgresConnection)
        case waiting(needsConnection: Bool, needsSweeper: Bool)
    }

    struct Outcome {
        var waiter: Waiter?
        var discarded: [PostgresConnection] = []
        var needsConnection = false
        var isDrained = false
        var figures: PoolFigures
    }

    private let limit: Int
    private var idle: [PostgresConnection] = []
    /// In order of arrival; all have the same patience, so the first is also the first to expire.
    private var waiters: [Waiter] = []
    /// Connections that are open or being opened.
    private(set) var openCount = 0
    private var openingCount = 0
    private(set) var isClosed = false
    private var isSweeping = false
    private var lastFailure: String?
    private var lastWaiterNumber = 0

    init(limit: Int) { self.limit = limit }

    var figures: PoolFigures {
        PoolFigures(open: openCount, inUse: openCount - openingCount - idle.count, waiting: waiters.count)
    }

    mutating func takeIdle() -> PostgresConnection? {
        isClosed ? nil : idle.popLast()
    }

    mutating func newWaiterNumber() -> Int {
        lastWaiterNumber += 1
        return lastWaiterNumber
    }

    mutating func enqueue(_ waiter: Waiter) -> Enqueued {
        if isClosed { return .closed }
        if let connection = idle.popLast() { return .ready(connection) }
        waiters.append(waiter)
        let needsSweeper = !isSweeping
        isSweeping = true
        return .waiting(needsConnection: reserveOpening(), needsSweeper: needsSweeper)
    }

    mutating func removeWaiter(_ number: Int) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return nil }
        return waiters.remove(at: index)
    }

    mutating func release(_ connection: PostgresConnection, isBroken: Bool) -> Outcome {
        if isBroken {
            let discarded = idle + [connection]
            idle.removeAll()
            openCount -= discarded.count
            return outcome(discarded: discarded, needsConnection: reserveOpening())
        }
        return handOver(connection)
    }

    mutating func opened(_ connection: PostgresConnection) -> Outcome {
        openingCount -= 1
        lastFailure = nil
        return handOver(connection)
    }

    /// Tells whether this is the first failure since the last success, and whether somebody still waits.
    mutating func openFailed(_ reason: String) -> (isFirst: Bool, isWanted: Bool) {
        let isFirst = lastFailure == nil
        lastFailure = reason
        if !isClosed && !waiters.isEmpty { return (isFirst, true) }
        openingCount -= 1
        openCount -= 1
        return (isFirst, false)
    }

    /// Takes out the waiters whose time is over; tells when to look again (nil: nobody waits any more) and what the
    /// last failure to connect was.
    mutating func expire(at now: ContinuousClock.Instant) -> ([Waiter], ContinuousClock.Instant?, String?) {
        let count = waiters.prefix { $0.deadline <= now }.count
        let expired = Array(waiters.prefix(count))
        waiters.removeFirst(count)
        if waiters.isEmpty { isSweeping = false }
        return (expired, waiters.first?.deadline, lastFailure)
    }

    mutating func close() -> ([Waiter], [PostgresConnection]) {
        isClosed = true
        defer {
            openCount -= idle.count
            waiters.removeAll()
            idle.removeAll()
        }
        return (waiters, idle)
    }

    private mutating func handOver(_ connection: PostgresConnection) -> Outcome {
        if isClosed {
            openCount -= 1
            return outcome(discarded: [connection])
        }
        if !waiters.isEmpty {
            var result = outcome()
            result.waiter = waiters.removeFirst()
            return result
        }
        idle.append(connection)
        return outcome()
    }

    private mutating func reserveOpening() -> Bool {
        guard !isClosed, openCount < limit, waiters.count > openingCount else { return false }
        openCount += 1
        openingCount += 1
        return true
    }

    private func outcome(discarded: [PostgresConnection] = [], needsConnection: Bool = false) -> Outcome {
        Outcome(
            discarded: discarded, needsConnection: needsConnection, isDrained: isClosed && openCount == 0,
            figures: figures)
    }
}
