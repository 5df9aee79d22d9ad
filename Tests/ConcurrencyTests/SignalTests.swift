import Concurrency
import Testing

struct SignalTests {
    @Test func aSignalNobodyWaitedForIsRememberedOnce() async {
        let signal = Signal()
        signal.send()
        signal.send()
        #expect(await signal.wait(atMost: .seconds(60)))
        #expect(await !signal.wait(atMost: .zero))
    }

    @Test func oneSendWakesEveryWaiter() async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { await signal.wait() } }
            // Whoever came too late for a send is woken by a later one.
            group.addTask {
                while !Task.isCancelled {
                    signal.send()
                    await Task.yield()
                }
            }
            for _ in 0..<20 { await group.next() }
            group.cancelAll()
        }
    }

    @Test func aCancelledWaiterReturnsAndTakesNoSignal() async {
        let signal = Signal()
        for _ in 0..<200 {
            let waiter = Task { await signal.wait() }
            waiter.cancel()
            await waiter.value
        }
        signal.send()
        #expect(await signal.wait(atMost: .seconds(60)))
    }

    @Test func noSignalIsLostBetweenTimeLimitAndSend() async {
        // Ping-pong in which every wait may time out at the moment of the send: each send must be seen in the end.
        let ping = Signal()
        let pong = Signal()
        let rounds = 300
        let answerer = Task {
            for _ in 0..<rounds {
                while await !ping.wait(atMost: .microseconds(50)) {}
                pong.send()
            }
        }
        for _ in 0..<rounds {
            ping.send()
            while await !pong.wait(atMost: .microseconds(50)) {}
        }
        await answerer.value
    }
}
