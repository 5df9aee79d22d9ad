import Foundation

/// One operating-system thread that runs the jobs of the actors bound to it, in order.
///
/// C libraries that block (libpq, libcurl, librdkafka's poll) are owned by an actor on such a thread, so that a blocked
/// call holds up nobody else. It is also a task executor: a task that prefers it (`withTaskExecutorPreference`) runs on
/// the same thread between its calls to the actor, so that those calls cost no change of thread.
///
/// The thread ends when `shutDown()` was called and its queue is empty. A job given later still runs, in order and never
/// beside another one, on a thread started for it: an actor whose last caller comes late is slow, not lost.
public final class ThreadExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // @unchecked: `jobs`, `isStopped` and `hasThread` are only touched with `condition` held.
    private let condition = NSCondition()
    private let name: String
    private var jobs: [UnownedJob] = []
    private var isStopped = false
    private var hasThread = true

    public init(name: String) {
        self.name = name
        startThread()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        condition.lock()
        jobs.append(unowned)
        let needsThread = !hasThread
        hasThread = true
        if !needsThread { condition.signal() }
        condition.unlock()
        if needsThread { startThread() }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    public func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        UnownedTaskExecutor(ordinary: self)
    }

    /// Lets the thread end once its queue is empty.
    public func shutDown() {
        condition.lock()
        isStopped = true
        condition.signal()
        condition.unlock()
    }

    private func startThread() {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func run() {
        let serial = asUnownedSerialExecutor()
        let task = asUnownedTaskExecutor()
        while true {
            condition.lock()
            while jobs.isEmpty && !isStopped { condition.wait() }
            if jobs.isEmpty {
                hasThread = false
                condition.unlock()
                return
            }
            let batch = jobs
            jobs.removeAll(keepingCapacity: true)
            condition.unlock()
            for job in batch { job.runSynchronously(isolatedTo: serial, taskExecutor: task) }
        }
    }
}
