import Testing

@testable import Journal

/// A model of Postgres' transactions: whatever they do, the floor never rises above a position that may still turn up.
@Suite struct PendingFloorTests {
    struct Writer {
        var transaction: Int64
        var position: Int64?
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>) func neverSkipsALateCommit(seed: UInt64) {
        var random = SeededRandom(seed)
        var floor = PendingFloor()
        var nextTransaction: Int64 = 1
        var lastPosition: Int64 = 0
        var running: [Writer] = []
        var visible: Set<Int64> = []
        var taken: Set<Int64> = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                running.append(Writer(transaction: nextTransaction))
                nextTransaction += 1
            case 1:
                guard let index = running.indices.randomElement(using: &random), running[index].position == nil else {
                    continue
                }
                lastPosition += 1
                running[index].position = lastPosition
            case 2, 3:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                let writer = running.remove(at: index)
                if let position = writer.position, Int.random(in: 0..<5, using: &random) > 0 {
                    #expect(position >= floor.position, "seed \(seed): a commit below the floor")
                    visible.insert(position)
                }
            case 4:
                let start = running.map(\.transaction).min() ?? nextTransaction
                let end = nextTransaction
                // Between the snapshot and the look at the sequence others go on.
                if Bool.random(using: &random), let index = running.firstIndex(where: { $0.position == nil }) {
                    lastPosition += 1
                    running[index].position = lastPosition
                }
                floor.observe(
                    PendingFloor.Observation(snapshotStart: start, snapshotEnd: end, lastPosition: lastPosition))
            default:
                let limit = Int.random(in: 1...6, using: &random)
                let found = visible.subtracting(taken).filter { $0 >= floor.position }.sorted().prefix(limit)
                #expect(visible.subtracting(taken).allSatisfy { $0 >= floor.position })
                taken.formUnion(found)
                floor.swept(upTo: found.count < limit ? nil : found.last)
            }
        }
    }

    @Test func risesWhenNobodyWrites() {
        var floor = PendingFloor()
        for _ in 0..<3 {
            floor.observe(PendingFloor.Observation(snapshotStart: 10, snapshotEnd: 10, lastPosition: 99))
        }
        floor.swept(upTo: nil)
        #expect(floor.position == 100)
    }
}
