import Calendar
import Concurrency
import Delivery
import Foundation
import Subprocess

/// MediaMTX: the control API (`/v3/paths/list`) for states, the playback server (`/list`, `/get`) for recordings.
/// Both are documented in its repository under `api/`.
struct MediaMTX: VideoSource {
    private static let pageSize = 1_000
    /// A day of recordings with a gap every ten seconds still fits.
    private static let maximumListBytes = 8 << 20

    /// Origin of the control API and of the playback server, without a final slash.
    let control: String
    let playback: String
    /// Name of a camera's path; `{gb_id}` stands for its id.
    let pathTemplate: String
    /// `user:password`, where the server asks for them.
    let credentials: String?
    let http: HTTPClient
    let clock: any WallClock

    private struct PathList: Decodable {
        let pageCount: Int
        let items: [Item]
    }

    private struct Item: Decodable {
        let name: String
        /// Old and new name of the same fact.
        let ready: Bool?
        let available: Bool?
    }

    private struct Entry: Decodable {
        let start: String
        let duration: Double
    }

    private func path(_ gbId: String) -> String { pathTemplate.replacing("{gb_id}", with: gbId) }

    private var headers: [HTTPHeader] {
        credentials.map { [HTTPHeader("authorization", "Basic \(Data($0.utf8).base64EncodedString())")] } ?? []
    }

    func status(of gbIds: [String]) async throws -> [String: VideoStatus] {
        let names = Dictionary(gbIds.map { (path($0), $0) }) { $1 }
        var statuses: [String: VideoStatus] = [:]
        var page = 0
        var pageCount = 1
        while page < pageCount {
            let answer = try await get("\(control)/v3/paths/list?itemsPerPage=\(Self.pageSize)&page=\(page)")
            guard answer.status == 200 else { throw Self.unexpected("paths/list", answer) }
            let list = try Self.decode(PathList.self, answer)
            for item in list.items {
                guard let gbId = names[item.name] else { continue }
                let isReady = item.ready ?? item.available ?? false
                statuses[gbId] = VideoStatus(signal: isReady ? .ok : .lost, clockOffset: nil)
            }
            pageCount = list.pageCount
            page += 1
        }
        return statuses
    }

    func recordingSegments(of gbId: String, on day: LocalDate) async throws -> VideoRecordings? {
        let start = day.start
        let end = day.adding(days: 1).start
        // Without bounds, so that the oldest recording is known as well; older servers know no bounds at all.
        let answer = try await get("\(playback)/list?path=\(Self.query(path(gbId)))")
        // "No segments found": of a path that it has, or of none. A path that is not configured is answered 400.
        if answer.status == 404 { return VideoRecordings(spans: RecordedSpans(), oldest: nil) }
        if answer.status == 400 { return nil }
        guard answer.status == 200 else { throw Self.unexpected("list", answer) }
        var spans: [RecordedSpans.Span] = []
        for entry in try Self.decode([Entry].self, answer) {
            guard let from = Instant(rfc3339: entry.start), entry.duration.isFinite, entry.duration > 0,
                entry.duration < 3.2e9
            else { throw VideoSourceFailure(description: "MediaMTX list: an entry without start or duration") }
            let begin = from.microseconds / 1000
            spans.append(.init(from: begin, to: begin + Int64(entry.duration * 1000)))
        }
        let all = RecordedSpans(spans)
        return VideoRecordings(
            spans: all.clipped(from: start.microseconds / 1000, to: end.microseconds / 1000),
            oldest: all.spans.first.map { Instant(microseconds: $0.from * 1000) })
    }

    /// The last seconds that were recorded, and of these the first picture.
    func snapshot(of gbId: String) async throws -> [UInt8] {
        let today = LocalDate(clock.now())
        guard let last = try await recordingSegments(of: gbId, on: today)?.spans.spans.last else {
            throw FrameCapture.Failure.noSignal
        }
        let from = Instant(microseconds: max(last.from, last.to - 4_000) * 1000)
        guard clock.now() - from < .seconds(60) else { throw FrameCapture.Failure.noSignal }
        let url =
            "\(playback)/get?path=\(Self.query(path(gbId)))&start=\(Self.query(from.rfc3339))&duration=4&format=mp4"
        let answer = try await http.send(
            DeliveryRequest(url: url, headers: headers, deadline: .seconds(10), maximumResponseBytes: 32 << 20))
        guard answer.status == 200 else { throw Self.unexpected("get", answer) }
        return try await FrameCapture.firstPicture(of: answer.body)
    }

    private func get(_ url: String) async throws -> DeliveryResponse {
        try await http.send(
            DeliveryRequest(url: url, headers: headers, maximumResponseBytes: Self.maximumListBytes))
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ answer: DeliveryResponse) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body))
        } catch {
            throw VideoSourceFailure(description: "MediaMTX answered what it does not document: \(error)")
        }
    }

    private static func unexpected(_ call: String, _ answer: DeliveryResponse) -> VideoSourceFailure {
        VideoSourceFailure(description: "MediaMTX \(call): status \(answer.status)")
    }

    private static func query(_ text: String) -> String {
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}
