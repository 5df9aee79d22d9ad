import Calendar
import Contracts
import Testing

@testable import RegistryService

/// What is believed of one camera, report by report.
struct SignalTrackerTests {
    private static let rules = SignalRules()
    private static let start: Int64 = 1_795_395_600_000_000

    /// Reports at these seconds; the states with their beginnings in seconds.
    private func history(_ reports: [(Int64, ReportedSignal)]) throws -> [(Int64, SignalState)] {
        var tracker = SignalTracker()
        let camera = try #require(CameraKey("44078400111327000001"))
        return reports.flatMap { second, signal in
            (tracker.observe(
                SignalSample(camera: camera, at: Self.start + second * 1_000_000, signal: signal), Self.rules) ?? [])
                .map { (($0.at - Self.start) / 1_000_000, $0.state) }
        }
    }

    private func expect(_ reports: [(Int64, ReportedSignal)], _ states: [(Int64, SignalState)]) throws {
        let found = try history(reports)
        #expect(found.map(\.0) == states.map(\.0))
        #expect(found.map(\.1) == states.map(\.1))
    }

    @Test func onlyChangesAreChanges() throws {
        try expect([(0, .ok), (60, .ok), (120, .ok), (180, .lost), (240, .lost)], [(0, .ok), (180, .lost)])
    }

    @Test func oldAndRepeatedReportsSayNothing() throws {
        try expect([(0, .ok), (120, .ok), (60, .lost), (120, .lost), (180, .ok)], [(0, .ok)])
    }

    @Test func silenceIsUnknownUntilTheNextReport() throws {
        // Silent from 60 on: known for five minutes more.
        try expect([(0, .ok), (60, .ok), (900, .ok)], [(0, .ok), (360, .unknown), (900, .ok)])
    }

    @Test func whatComesAndGoesIsFlappingUntilItIsCalm() throws {
        var reports: [(Int64, ReportedSignal)] = [(0, .ok)]
        for index in 1...6 { reports.append((Int64(index) * 60, index % 2 == 1 ? .lost : .ok)) }
        // The fourth change within ten minutes; then calm from 360 on, for fifteen minutes.
        for second in stride(from: Int64(420), through: 1_320, by: 60) { reports.append((second, .ok)) }
        try expect(
            reports, [(0, .ok), (60, .lost), (120, .ok), (180, .lost), (240, .flapping), (1_260, .ok)])
    }

    @Test func changesFarApartAreNotFlapping() throws {
        var reports: [(Int64, ReportedSignal)] = []
        for index in 0..<12 { reports.append((Int64(index) * 240, index % 2 == 0 ? .ok : .lost)) }
        #expect(try history(reports).allSatisfy { $0.1 != .flapping })
    }

    @Test func aWrongClockNeedsTwoReportsAndIsRightWellWithinTheLimit() throws {
        var tracker = SignalTracker()
        let camera = try #require(CameraKey("44078400111327000001"))
        func observe(_ second: Int64, offset: Int64) -> Bool {
            _ = tracker.observe(
                SignalSample(
                    camera: camera, at: Self.start + second * 1_000_000, signal: .ok, clockOffset: offset * 1_000_000),
                Self.rules)
            return tracker.isClockOff
        }
        #expect(!observe(0, offset: 60))
        #expect(!observe(60, offset: -61))
        #expect(!observe(120, offset: 10))
        #expect(!observe(180, offset: 90))
        #expect(observe(240, offset: -90))
        #expect(tracker.registered(now: Self.start + 240_000_000, Self.rules) == .degraded)
        #expect(observe(300, offset: 45))
        #expect(!observe(360, offset: 30))
        #expect(tracker.registered(now: Self.start + 360_000_000, Self.rules) == .active)
    }

    @Test func lostIsOfflineAfterAMinuteAndUnknownIsNeitherActiveNorOffline() throws {
        var tracker = SignalTracker()
        #expect(tracker.registered(now: Self.start, Self.rules) == nil)
        let camera = try #require(CameraKey("44078400111327000001"))
        _ = tracker.observe(SignalSample(camera: camera, at: Self.start, signal: .lost), Self.rules)
        #expect(tracker.registered(now: Self.start + 59_999_999, Self.rules) == nil)
        #expect(tracker.registered(now: Self.start + 60_000_000, Self.rules) == .offline)
        #expect(tracker.tick(now: Self.start + 300_000_001, Self.rules).map(\.state) == [.unknown])
        #expect(tracker.registered(now: Self.start + 300_000_001, Self.rules) == .degraded)
    }
}
