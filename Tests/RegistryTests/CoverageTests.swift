import Calendar
import Contracts
import Foundation
import Synchronization
import Testing

@testable import RegistryService

/// Fifteen days, proven (art 9): from the segments that the recorders hold, to the second.
struct CoverageTests {
    private static let start: LocalDate = LocalDate(daysSinceEpoch: 20_749)  // 2026-10-23

    /// Gaps of a camera on a day: second of the day and length.
    private typealias Gaps = @Sendable (_ day: Int) -> [(at: Int, length: Int)]

    private static let perfect: Gaps = { _ in [] }
    /// Online all the time, and six hours are missing on the twentieth day (acceptance scenario 15).
    private static let sixHours: Gaps = { day in day == 19 ? [(36_000, 21_600)] : [] }
    private static let halfMinuteEveryHour: Gaps = { _ in (0..<24).map { ($0 * 3_600 + 100, 30) } }
    private static let overMidnight: Gaps = { day in day % 2 == 0 ? [(86_339, 61)] : [(0, 45)] }
    private static let noonMinute: Gaps = { day in [(43_200 + day, 60 + day % 3)] }

    /// What the platform reports of such a day: an hour at a time, some of it twice, out of order.
    private static func segments(_ camera: Camera, _ day: Int, _ gaps: Gaps) -> [(Camera, Instant, Instant)] {
        let begin = start.adding(days: day).start
        var spans: [(Int, Int)] = []
        var from = 0
        for gap in gaps(day) + [(86_400, 0)] {
            if gap.at > from { spans.append((from, gap.at)) }
            from = gap.at + gap.length
        }
        var segments: [(Camera, Instant, Instant)] = []
        for (from, to) in spans {
            for cut in stride(from: from, to: to, by: 3_600) {
                let end = min(cut + 3_600, to)
                segments.append((camera, begin + .seconds(cut), begin + .seconds(end)))
                if cut % 5 == 0 { segments.append((camera, begin + .seconds(cut), begin + .seconds((cut + end) / 2))) }
            }
        }
        return segments.enumerated().sorted { ($0.offset * 7) % 11 < ($1.offset * 7) % 11 }.map(\.element)
    }

    private func check(_ test: TelemetryTest, _ camera: Camera, _ day: Int, _ gaps: Gaps) async throws {
        let date = Self.start.adding(days: day)
        let rows = try await CoverageStore.days(of: [camera.id], from: date, through: date, test.client.pool)
        let row = try #require(rows.first, "day \(day)")
        let missing = gaps(day).reduce(0) { $0 + $1.length }
        #expect(row.recordedMs == Int64(86_400 - missing) * 1_000, "day \(day)")
        #expect(row.operatingMs == 86_400_000)
        let begin = date.start.microseconds / 1_000
        let listed = gaps(day).filter { $0.length > 60 }.map {
            RecordedSpans.Span(from: begin + Int64($0.at) * 1_000, to: begin + Int64($0.at + $0.length) * 1_000)
        }
        #expect(row.gaps.spans == listed, "day \(day)")
    }

    private func state(_ test: TelemetryTest, _ camera: Camera) async throws -> RetentionStanding.State? {
        try await CoverageStore.standing(of: camera.id, test.client.pool)?.state
    }

    @Test func aMonthWithKnownGapsComesOutExactly() async throws {
        try await TelemetryTest.run(now: Self.start.start) { test in
            let gaps: [Gaps] = [
                Self.perfect, Self.sixHours, Self.halfMinuteEveryHour, Self.overMidnight, Self.noonMinute,
            ]
            let cameras = Array(test.cameras.prefix(gaps.count + 2))
            let promised = cameras[5]
            let silent = cameras[6]
            try await test.client.pool.transaction {
                try await CoverageStore.setPolicy(
                    promised.id, .undetermined, promisedDays: 20, now: test.now, $0)
            }
            for day in 0..<31 {
                test.client.clock.set(Self.start.adding(days: day + 1).start + .seconds(60))
                for (camera, gaps) in zip(cameras, gaps) {
                    try await test.recorded(Self.segments(camera, day, gaps))
                }
                try await test.recorded(Self.segments(promised, day, Self.perfect))
                try await test.report(cameras.map { ($0, "ok") })
                test.client.clock.set(Self.start.adding(days: day + 1).start + .seconds(1_799))
                try await test.job().look()
                let early = try await CoverageStore.days(
                    of: [cameras[0].id], from: Self.start.adding(days: day), through: Self.start.adding(days: day),
                    test.client.pool)
                #expect(early.isEmpty, "half an hour is left for segments that come late")
                test.client.clock.set(Self.start.adding(days: day + 1).start + .seconds(1_800))
                try await test.job().look()
                for (camera, gaps) in zip(cameras, gaps) { try await check(test, camera, day, gaps) }
                #expect(try await state(test, cameras[0]) == (day < 14 ? .accumulating : .met), "day \(day)")
                #expect(try await state(test, promised) == (day < 19 ? .accumulating : .met), "day \(day)")
                let expected: RetentionStanding.State = day < 14 ? .accumulating : day == 19 ? .short : .met
                #expect(try await state(test, cameras[1]) == expected, "day \(day)")
                #expect(try await state(test, silent) == .unproven)
                #expect(try await test.events(CoverageBelowMinimum.type) == (day < 19 ? 0 : 1))
            }
            let faults = try await test.faults()
            #expect(faults.map(\.kind) == [.recordingShort])
            #expect(faults.first?.cameraId == cameras[1].id)
            #expect(faults.first?.state == .recovered)
            // It was online all the time, and is so still: that said nothing about the recordings.
            #expect(try await test.status(cameras[1]) == .active)
            let size = try await RegistryTest.journalSize(test.client)
            try await test.job().look()
            #expect(try await RegistryTest.journalSize(test.client) == size)
        }
    }

    /// A recorder that can be asked; it fails when asked for one camera, once.
    private final class Recorder: VideoSource {
        struct Down: Error {}
        private let failing: Mutex<String?>
        private let asked = Mutex<[String]>([])
        private let recordings: @Sendable (LocalDate) -> VideoRecordings?

        init(failsAt gbId: String?, _ recordings: @escaping @Sendable (LocalDate) -> VideoRecordings?) {
            failing = Mutex(gbId)
            self.recordings = recordings
        }

        var questions: [String] { asked.withLock { $0 } }
        func status(of gbIds: [String]) async throws -> [String: VideoStatus] { [:] }
        func snapshot(of gbId: String) async throws -> [UInt8] { throw Down() }
        func recordingSegments(of gbId: String, on day: LocalDate) async throws -> VideoRecordings? {
            let isDown = failing.withLock { failing in
                guard failing == gbId else { return false }
                failing = nil
                return true
            }
            if isDown { throw Down() }
            asked.withLock { $0.append(gbId) }
            return recordings(day)
        }
    }

    @Test func aComputationThatWasCutOffGoesOnWhereItStopped() async throws {
        try await TelemetryTest.run(now: Self.start.start) { test in
            let cameras = test.cameras.sorted { $0.id.rawValue < $1.id.rawValue }
            #expect(cameras.count > 6)
            test.client.clock.set(Self.start.adding(days: 1).start + .seconds(3_600))
            // Half the day was recorded: short for all.
            let source = Recorder(failsAt: cameras[5].gbId) { day in
                let begin = day.start.microseconds / 1_000
                return VideoRecordings(spans: .init([.init(from: begin, to: begin + 43_200_000)]), oldest: day.start)
            }
            await #expect(throws: Recorder.Down.self) { try await test.job(source: source, batchSize: 2).look() }
            let run = try await test.client.pool.first("SELECT after_camera_id, cameras, finished_at FROM coverage_run")
            {
                row -> (String, Int, Instant?) in
                (try row["after_camera_id"], try row["cameras"], try row["finished_at"])
            }
            #expect(run?.0 == cameras[3].id.rawValue)
            #expect(run?.1 == 4)
            #expect(run?.2 == nil)
            #expect(try await test.events(CoverageBelowMinimum.type) == 4)
            // Another process.
            try await test.job(source: source, batchSize: 2).look()
            #expect(try await test.events(CoverageBelowMinimum.type) == cameras.count)
            #expect(try await test.faults().count == cameras.count)
            // The camera whose answer was lost with the batch was asked again, the finished batches were not.
            #expect(source.questions.filter { $0 == cameras[4].gbId }.count == 2)
            #expect(Set(source.questions).count == cameras.count)
            #expect(source.questions.count == cameras.count + 1)
        }
    }

    @Test func whatBecomesKnownLaterCounts() async throws {
        try await TelemetryTest.run(now: Self.start.start) { test in
            let camera = try #require(test.cameras.first)
            test.client.clock.set(Self.start.adding(days: 1).start + .seconds(3_600))
            try await test.recorded([(camera, Self.start.start, Self.start.start + .seconds(43_200))])
            try await test.job().look()
            #expect(try await state(test, camera) == .short)
            #expect(try await test.faults().map(\.state) == [.detected])
            // A quarter arrives late, another was planned.
            try await test.recorded([
                (camera, Self.start.start + .seconds(43_200), Self.start.start + .seconds(64_800))
            ])
            let outage = OutageStore.Outage(
                id: "outage-1", canteenId: camera.canteenId, cameraId: nil, from: Self.start.start + .seconds(64_800),
                to: Self.start.adding(days: 1).start, reason: "检修", state: .requested, enteredAt: test.now)
            try await test.client.pool.transaction {
                try await OutageStore.insert(outage, by: PersonID("p"), isDecided: false, $0)
            }
            try await test.job().look()
            #expect(try await state(test, camera) == .short, "what was only asked for does not count")
            try await test.client.pool.transaction {
                try await OutageStore.decide(outage, .approved, by: PersonID("q"), now: test.now, $0)
            }
            try await test.job().look()
            let days = try await CoverageStore.days(
                of: [camera.id], from: Self.start, through: Self.start, test.client.pool)
            #expect(days.map(\.recordedMs) == [64_800_000])
            #expect(days.map(\.operatingMs) == [64_800_000])
            #expect(try await state(test, camera) == .accumulating)
            #expect(try await test.faults().map(\.state) == [.recovered])
            #expect(try await test.events(CoverageBelowMinimum.type) == 1)
        }
    }

    @Test func overwrittenTooEarlyIsShortAlthoughItWasRecorded() throws {
        let through = Self.start.adding(days: 20)
        let days = (0...20).map {
            RetentionStanding.Day(
                day: Self.start.adding(days: $0), recordedMs: 86_400_000, operatingMs: 86_400_000, state: .met)
        }
        func standing(oldest: Int?) -> RetentionStanding {
            RetentionStanding(
                through: through, minimumDays: 15, since: Self.start.start, days: days,
                oldest: oldest.map { Self.start.adding(days: $0).start }, minimumPermille: 950)
        }
        #expect(standing(oldest: nil).state == .met)
        #expect(standing(oldest: 7).state == .met)
        #expect(standing(oldest: 9).shortfall == .overwritten)
        #expect(RetentionStanding.minimumDays(.publicSafety, promised: 20) == 30)
        #expect(RetentionStanding.minimumDays(.internal, promised: nil) == 15)
        #expect(RetentionStanding.minimumDays(.internal, promised: 45) == 45)
    }
}
