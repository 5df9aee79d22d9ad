/// Reads reports. Everything that arrives is a stranger's: sizes are bounded before anything is built.
struct TelemetryDecoder: Sendable {
    static let maximumBytes = 256 * 1024
    static let maximumItems = 2_000
    static let version: Int64 = 1
    /// Microseconds that a time may be ahead of ours, and behind.
    static let maximumAhead: Int64 = 300_000_000
    static let maximumAge: Int64 = 8 * 86_400_000_000

    struct Refused: Error {
        let reason: TelemetryRefusal
    }

    /// - Parameter now: microseconds since 1970.
    func decode(_ value: [UInt8], now: Int64) throws(Refused) -> TelemetryReport {
        guard value.count <= Self.maximumBytes else { throw Refused(reason: .oversized) }
        do {
            return try value.withUnsafeBufferPointer { try Self.report($0, now) }
        } catch let refused as Refused {
            throw refused
        } catch {
            throw Refused(reason: .undecodable)
        }
    }

    private static func report(_ bytes: UnsafeBufferPointer<UInt8>, _ now: Int64) throws -> TelemetryReport {
        var report = TelemetryReport()
        var version: Int64?
        var cursor = ByteCursor(bytes)
        try cursor.object { name, cursor in
            switch name.count {
            case 7 where name.elementsEqual("version".utf8): version = try cursor.integer()
            case 8 where name.elementsEqual("platform".utf8): report.platform = try platform(cursor.string())
            case 7 where name.elementsEqual("samples".utf8):
                report.samples.reserveCapacity(bytes.count / 100)
                try cursor.array { try sample(&$0, &report, now) }
            case 8 where name.elementsEqual("segments".utf8):
                try cursor.array { try segment(&$0, &report, now) }
            default: try cursor.skipValue()
            }
        }
        guard cursor.isAtEnd else { throw Refused(reason: .undecodable) }
        guard version == Self.version else { throw Refused(reason: version == nil ? .undecodable : .version) }
        guard !report.platform.isEmpty else { throw Refused(reason: .undecodable) }
        return report
    }

    private static func platform(_ text: UnsafeBufferPointer<UInt8>.SubSequence) throws -> String {
        guard (1...64).contains(text.count),
            text.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f
            })
        else { throw Refused(reason: .undecodable) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func sample(_ cursor: inout ByteCursor, _ report: inout TelemetryReport, _ now: Int64) throws {
        guard report.samples.count < maximumItems else { throw Refused(reason: .oversized) }
        var camera: CameraKey?
        var at: Int64?
        var signal: ReportedSignal?
        var cameraTime: Int64?
        var oldest: Int64?
        var isTimeRight = true
        try cursor.object { name, cursor in
            switch name.count {
            case 5 where name.elementsEqual("gb_id".utf8): camera = CameraKey(try cursor.string())
            case 2 where name.elementsEqual("at".utf8): at = TelemetryTime.microseconds(try cursor.string())
            case 6 where name.elementsEqual("signal".utf8): signal = try self.signal(cursor.string())
            case 11 where name.elementsEqual("camera_time".utf8):
                cameraTime = TelemetryTime.microseconds(try cursor.string())
                isTimeRight = isTimeRight && cameraTime != nil
            case 16 where name.elementsEqual("oldest_recording".utf8):
                oldest = TelemetryTime.microseconds(try cursor.string())
                isTimeRight = isTimeRight && oldest != nil
            default: try cursor.skipValue()
            }
        }
        guard let signal else { throw Refused(reason: .undecodable) }
        guard let camera else {
            report.refused[.unknownCamera, default: 0] += 1
            return
        }
        guard let at, isTimeRight, at <= now + maximumAhead, at >= now - maximumAge else {
            report.refused[.time, default: 0] += 1
            return
        }
        report.samples.append(
            SignalSample(
                camera: camera, at: at, signal: signal, clockOffset: cameraTime.map { $0 - at }, oldestRecording: oldest
            ))
    }

    private static func signal(_ text: UnsafeBufferPointer<UInt8>.SubSequence) throws -> ReportedSignal {
        if text.elementsEqual("ok".utf8) { return .ok }
        if text.elementsEqual("lost".utf8) { return .lost }
        if text.elementsEqual("degraded".utf8) { return .degraded }
        throw Refused(reason: .undecodable)
    }

    private static func segment(_ cursor: inout ByteCursor, _ report: inout TelemetryReport, _ now: Int64) throws {
        guard report.segments.count < maximumItems else { throw Refused(reason: .oversized) }
        var camera: CameraKey?
        var from: Int64?
        var to: Int64?
        try cursor.object { name, cursor in
            switch name.count {
            case 5 where name.elementsEqual("gb_id".utf8): camera = CameraKey(try cursor.string())
            case 4 where name.elementsEqual("from".utf8): from = TelemetryTime.microseconds(try cursor.string())
            case 2 where name.elementsEqual("to".utf8): to = TelemetryTime.microseconds(try cursor.string())
            default: try cursor.skipValue()
            }
        }
        guard let camera else {
            report.refused[.unknownCamera, default: 0] += 1
            return
        }
        guard let from, let to, to <= now + maximumAhead, from >= now - maximumAge else {
            report.refused[.time, default: 0] += 1
            return
        }
        guard to > from, to - from <= 86_400_000_000 else {
            report.refused[.span, default: 0] += 1
            return
        }
        report.segments.append(
            TelemetryReport.Segment(camera: camera, span: .init(from: from / 1000, to: to / 1000)))
    }
}
