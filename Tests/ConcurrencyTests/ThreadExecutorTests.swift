import Concurrency
import Foundation
import Testing

struct ThreadExecutorTests {
    private actor Owner {
        let executor: ThreadExecutor
        private(set) var log: [Int] = []
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) { self.executor = executor }

        /// Tells the thread it ran on.
        func append(_ n: Int) -> pthread_t {
            log.append(n)
            return pthread_self()
        }
    }

    @Test func anActorRunsOnItsOwnThread() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        let first = await owner.append(1)
        for n in 2...20 { #expect(await owner.append(n) == first) }
        executor.shutDown()
    }

    @Test func manyCallersAreServedOneAtATime() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        await withTaskGroup(of: Void.self) { group in
            for n in 0..<500 { group.addTask { _ = await owner.append(n) } }
        }
        #expect(await Set(owner.log) == Set(0..<500))
        executor.shutDown()
    }

    @Test func aTaskThatPrefersTheExecutorRunsOnTheSameThread() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        let threads = await withTaskExecutorPreference(executor) {
            let before = currentThread()
            let inside = await owner.append(1)
            return [before, inside, currentThread()]
        }
        #expect(Set(threads).count == 1)
        executor.shutDown()
    }

    @Test func aJobGivenAfterShutDownStillRuns() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        _ = await owner.append(1)
        executor.shutDown()
        for n in 2...50 { _ = await owner.append(n) }
        #expect(await owner.log == Array(1...50))
    }
}

private func currentThread() -> pthread_t { pthread_self() }
