import Concurrency
import Foundation
import Testing

struct ThreadExecutorTests {
    private actor Owner {
        let executor: ThreadExecutor
        private(set) var log: [Int] = []
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) { self.executor = executor }

        func append(_ n: Int) -> String {
            log.append(n)
            return Thread.current.name ?? ""
        }
    }

    @Test func anActorRunsOnItsOwnThread() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        #expect(await owner.append(1) == "owner-thread")
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
        let names = await withTaskExecutorPreference(executor) {
            let inside = currentThreadName()
            let actor = await owner.append(1)
            return [inside, actor, currentThreadName()]
        }
        #expect(names == ["owner-thread", "owner-thread", "owner-thread"])
        executor.shutDown()
    }

    @Test func aJobGivenAfterShutDownStillRuns() async {
        let executor = ThreadExecutor(name: "owner-thread")
        let owner = Owner(executor)
        _ = await owner.append(1)
        executor.shutDown()
        for n in 2...50 { #expect(await owner.append(n) == "owner-thread") }
        #expect(await owner.log == Array(1...50))
    }
}

private func currentThreadName() -> String { Thread.current.name ?? "" }
