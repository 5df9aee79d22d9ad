import Calendar

/// Reports of a camera platform, made up: what a demonstration shows and what a load test sends. The same seed gives the
/// same faults.
struct TelemetrySimulator: Sendable {
    struct Plan: Sendable {
        var platform = "simulator"
        /// Cameras in one record.
        var batchSize = 500
        /// So many of a thousand cameras are lost for a while, again and again.
        var lostPermille = 5
        /// So many of a thousand come and go with every poll.
        var flappingPermille = 2
        /// So many of a thousand have a clock that is two minutes off.
        var skewPermille = 2
        /// So many of a thousand are online and not recorded.
        var unrecordedPermille = 5
        /// All cameras of the division are lost.
        var lostDivision: String?
        /// Recorded segments are reported besides.
        var withSegments = true
    }

    /// How long a lost camera is lost, and how long the round is in which it is so once.
    private static let lostPolls = 15
    private static let roundPolls = 60

    let gbIds: [String]
    let plan: Plan

    /// The records of one poll of all cameras.
    /// - Parameters:
    ///   - number: of the poll, from 0.
    ///   - interval: since the poll before; what was recorded meanwhile is reported.
    func poll(_ number: Int, at now: Instant, interval: Duration) -> [[UInt8]] {
        let time = now.rfc3339
        let skewed = (now + .seconds(120)).rfc3339
        let from = (now - interval).rfc3339
        return stride(from: 0, to: gbIds.count, by: plan.batchSize).map { start in
            let range = start..<min(start + plan.batchSize, gbIds.count)
            var text = #"{"version":1,"platform":"\#(plan.platform)","samples":["#
            for index in range {
                if index > start { text += "," }
                let signal = isLost(index, number) ? "lost" : "ok"
                text += #"{"gb_id":"\#(gbIds[index])","at":"\#(time)","signal":"\#(signal)""#
                if chance(index, 3) < plan.skewPermille { text += #","camera_time":"\#(skewed)""# }
                text += "}"
            }
            text += "]"
            if plan.withSegments { text += segments(range, number, from: from, to: time) }
            return Array((text + "}").utf8)
        }
    }

    private func segments(_ range: Range<Int>, _ number: Int, from: String, to: String) -> String {
        var text = #","segments":["#
        var isFirst = true
        for index in range where chance(index, 4) >= plan.unrecordedPermille && !isLost(index, number) {
            if !isFirst { text += "," }
            isFirst = false
            text += #"{"gb_id":"\#(gbIds[index])","from":"\#(from)","to":"\#(to)"}"#
        }
        return text + "]"
    }

    private func isLost(_ index: Int, _ number: Int) -> Bool {
        if let division = plan.lostDivision, gbIds[index].hasPrefix(division) { return true }
        if chance(index, 2) < plan.flappingPermille { return number % 2 == 1 }
        guard chance(index, 1) < plan.lostPermille else { return false }
        return (number + chance(index, 5)) % Self.roundPolls < Self.lostPolls
    }

    /// 0…999, always the same for a camera and a purpose.
    private func chance(_ index: Int, _ purpose: UInt64) -> Int {
        var value = UInt64(index) &* 0x9e37_79b9_7f4a_7c15 &+ purpose &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((value ^ (value >> 31)) % 1_000)
    }
}
