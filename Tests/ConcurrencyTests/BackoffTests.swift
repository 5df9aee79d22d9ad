import Calendar
import Testing

@testable import Concurrency

struct BackoffTests {
    @Test func theCeilingDoublesUpToTheMaximum() {
        var backoff = Backoff(base: .milliseconds(100), maximum: .seconds(1))
        let delays = (0..<6).map { _ in backoff.next(random: 1) }
        #expect(delays == [100, 200, 400, 800, 1000, 1000].map { Duration.milliseconds($0) })
        backoff.reset()
        #expect(backoff.next(random: 0.5) == .milliseconds(50))
    }

    @Test func manyAttemptsDoNotOverflow() {
        var backoff = Backoff()
        for _ in 0..<1000 { #expect(backoff.next() <= .seconds(5)) }
    }

    @Test func aFixedClockMovesOnlyWhenTold() throws {
        let start = try #require(Instant(rfc3339: "2026-11-23T10:00:00+08:00"))
        let clock = FixedClock(start)
        clock.advance(by: .seconds(90))
        #expect(clock.now() == start + .seconds(90))
        clock.set(start)
        #expect(clock.now() == start)
    }
}
