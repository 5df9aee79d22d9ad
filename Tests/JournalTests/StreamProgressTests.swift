import Testing

@testable import Journal

/// The order guard of the consumer, explored: every event has its effect once, in order, and nothing is lost.
@Suite struct StreamProgressTests {
    /// A consumer over the pure state machine. `applied` is what took effect; `kept` is the table of waiting records.
    struct Model: Hashable {
        var progress = StreamProgress()
        var applied: [Int64] = []
        var kept: Set<Int64> = []

        mutating func receive(_ sequence: Int64, fails: Set<Int64>) {
            switch progress.verdict(for: sequence) {
            case .duplicate: return
            case .keep:
                kept.insert(sequence)
                progress.kept(sequence)
            case .apply:
                attempt(sequence, fails: fails)
                drain(fails: fails)
            }
        }

        private mutating func attempt(_ sequence: Int64, fails: Set<Int64>) {
            if fails.contains(sequence) {
                kept.insert(sequence)
                progress.park()
            } else {
                applied.append(sequence)
                kept.remove(sequence)
                progress.applied(sequence)
            }
        }

        private mutating func drain(fails: Set<Int64>) {
            while let next = progress.next { attempt(next, fails: fails) }
        }

        mutating func replay(fails: Set<Int64>) {
            guard progress.isParked else { return }
            progress.resume()
            drain(fails: fails)
        }

        var isSound: Bool {
            applied == Array(1..<(Int64(applied.count) + 1)) && progress.version == Int64(applied.count)
                && kept == progress.waiting && kept.allSatisfy { $0 > progress.version }
        }
    }

    /// Breadth-first over every state that any order of deliveries, repeated or not, failures and replays can reach.
    @Test(arguments: 1...5 as ClosedRange<Int64>) func wholeStateSpace(length: Int64) {
        for mask in 0..<(1 << length) {
            let fails = Set((1...length).filter { mask & (1 << ($0 - 1)) != 0 })
            var seen: Set<Model> = [Model()]
            var frontier: [Model] = [Model()]
            while let state = frontier.popLast() {
                #expect(state.isSound, "fails \(fails): \(state)")
                for sequence in 1...length {
                    var next = state
                    next.receive(sequence, fails: fails)
                    if seen.insert(next).inserted { frontier.append(next) }
                }
                var next = state
                next.replay(fails: fails)
                if seen.insert(next).inserted { frontier.append(next) }
                // From any state: deliver all once more, mend the handlers, replay: everything took effect.
                var end = state
                for sequence in 1...length { end.receive(sequence, fails: fails) }
                end.replay(fails: [])
                #expect(end.applied == Array(1...length), "fails \(fails) from \(state)")
                #expect(!end.progress.hasGap && end.kept.isEmpty)
            }
        }
    }

    @Test func randomLongRuns() {
        for seed in UInt64(1)...40 {
            var random = SeededRandom(seed)
            var model = Model()
            var fails = Set((1...60 as ClosedRange<Int64>).filter { _ in Int.random(in: 0..<10, using: &random) == 0 })
            var deliveries = (1...60 as ClosedRange<Int64>).flatMap { [$0, $0] }
            deliveries.shuffle(using: &random)
            for sequence in deliveries {
                model.receive(sequence, fails: fails)
                if Int.random(in: 0..<8, using: &random) == 0 { model.replay(fails: fails) }
            }
            #expect(model.isSound)
            while let bad = fails.min() {
                fails.remove(bad)
                model.replay(fails: fails)
            }
            #expect(model.applied == Array(1...60), "seed \(seed)")
        }
    }

    @Test func gapIsSeenOnlyWhileSomethingIsMissing() {
        var progress = StreamProgress(version: 4)
        #expect(progress.verdict(for: 4) == .duplicate)
        #expect(progress.verdict(for: 6) == .keep)
        progress.kept(6)
        #expect(progress.hasGap && progress.next == nil)
        progress.applied(5)
        #expect(!progress.hasGap && progress.next == 6)
        progress.applied(6)
        #expect(!progress.hasGap && progress.next == nil)
        progress.park()
        #expect(progress.verdict(for: 8) == .keep && progress.verdict(for: 7) == .duplicate)
    }
}
