/// Which runs of leaves make up a proof (RFC 6962 §2.1.1, §2.1.2): one hash over each run, in the order of the proof.
enum MerkleProof {
    /// Audit path of entry `index` in the tree of `size` entries, nearest sibling first.
    static func inclusion(index: UInt64, size: UInt64) -> [Range<UInt64>] {
        precondition(index < size)
        var runs: [Range<UInt64>] = []
        var run = 0..<size
        while run.count > 1 {
            let middle = split(run)
            if index < middle {
                runs.append(middle..<run.upperBound)
                run = run.lowerBound..<middle
            } else {
                runs.append(run.lowerBound..<middle)
                run = middle..<run.upperBound
            }
        }
        return runs.reversed()
    }

    /// Proof that the tree of `oldSize` entries is a prefix of the tree of `newSize` entries.
    static func consistency(oldSize: UInt64, newSize: UInt64) -> [Range<UInt64>] {
        precondition(oldSize <= newSize)
        if oldSize == 0 || oldSize == newSize { return [] }
        var runs: [Range<UInt64>] = []
        var run = 0..<newSize
        var oldIsWholeRun = false
        while !oldIsWholeRun {
            if run.upperBound == oldSize {
                // The verifier knows this hash already when it is the whole old tree.
                if run.lowerBound != 0 { runs.append(run) }
                oldIsWholeRun = true
            } else {
                let middle = split(run)
                if oldSize <= middle {
                    runs.append(middle..<run.upperBound)
                    run = run.lowerBound..<middle
                } else {
                    runs.append(run.lowerBound..<middle)
                    run = middle..<run.upperBound
                }
            }
        }
        return runs.reversed()
    }

    /// Start of the right half: the largest power of two below the length, from the start of the run.
    private static func split(_ run: Range<UInt64>) -> UInt64 {
        let length = run.upperBound - run.lowerBound
        return run.lowerBound + (1 << UInt64(UInt64.bitWidth - 1 - (length - 1).leadingZeroBitCount))
    }
}
