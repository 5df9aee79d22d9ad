import Calendar
import Contracts
import Foundation

/// What one record of the alert topic says (docs/events/inbound/alerts.v1.schema.json).
struct AlertReport: Sendable {
    struct Alert: Hashable, Sendable {
        /// The vendor's own id: the same id is the same alert.
        var id: String
        var gbId: String
        var at: Instant
        var code: String
        var confidence: Double?
        /// JPEG or PNG as the vendor saw it.
        var picture: Data?
        /// A picture or clip came that cannot be one.
        var isPictureRefused = false
        /// Recording of the camera that shows it.
        var clip: Clip?
    }

    struct Clip: Hashable, Sendable {
        var from: Instant
        var to: Instant
    }

    struct Reading: Hashable, Sendable {
        var sensor: String
        var licence: String
        var kind: String
        var at: Instant
        var celsius: Double
    }

    static let maximumBytes = 900 * 1024
    static let maximumPictureBytes = 512 * 1024
    /// Longest clip, and furthest from its alert.
    static let maximumClip: Duration = .seconds(600)
    static let maximumAlerts = 500
    static let maximumReadings = 2_000
    static let version = 1
    static let maximumAhead: Duration = .seconds(300)
    static let maximumAge: Duration = .seconds(8 * 86_400)

    struct Refused: Error {
        let reason: AlertRefusal
    }

    var vendor: String
    var productVersion: String
    var alerts: [Alert] = []
    var readings: [Reading] = []
    /// Members that were left out.
    var refused: [AlertRefusal: Int] = [:]

    /// Everything that arrives is a stranger's: sizes are bounded first, and one bad member does not spoil the others.
    init(_ value: [UInt8], now: Instant) throws(Refused) {
        guard value.count <= Self.maximumBytes else { throw Refused(reason: .oversized) }
        let wire: Wire
        do {
            wire = try EventJSON.decode(Wire.self, from: value)
        } catch {
            throw Refused(reason: .undecodable)
        }
        guard wire.version == Self.version else { throw Refused(reason: .version) }
        guard AlertName.isValid(wire.vendor), AlertName.isValid(wire.productVersion) else {
            throw Refused(reason: .undecodable)
        }
        let alerts = wire.alerts ?? []
        let readings = wire.readings ?? []
        guard alerts.count <= Self.maximumAlerts, readings.count <= Self.maximumReadings else {
            throw Refused(reason: .oversized)
        }
        vendor = wire.vendor
        productVersion = wire.productVersion
        for member in alerts {
            do throws(Refused) {
                let alert = try Self.alert(member.value, now)
                if alert.isPictureRefused { refused[.picture, default: 0] += 1 }
                self.alerts.append(alert)
            } catch {
                refused[error.reason, default: 0] += 1
            }
        }
        for member in readings {
            do throws(Refused) {
                self.readings.append(try Self.reading(member.value, now))
            } catch {
                refused[error.reason, default: 0] += 1
            }
        }
    }

    private static func alert(_ wire: Wire.Alert?, _ now: Instant) throws(Refused) -> Alert {
        guard let wire, AlertName.isValid(wire.id), AlertName.isValid(wire.code),
            wire.confidence.map({ (0...1).contains($0) }) ?? true
        else { throw Refused(reason: .undecodable) }
        guard wire.gbId.utf8.count == 20, wire.gbId.utf8.allSatisfy({ 48...57 ~= $0 }) else {
            throw Refused(reason: .unknownSource)
        }
        var alert = Alert(
            id: wire.id, gbId: wire.gbId, at: try time(wire.at, now), code: wire.code, confidence: wire.confidence)
        if let text = wire.picture {
            alert.picture = picture(text)
            alert.isPictureRefused = alert.picture == nil
        }
        if let span = wire.clip {
            alert.clip = clip(span, at: alert.at)
            if alert.clip == nil { alert.isPictureRefused = true }
        }
        return alert
    }

    private static func picture(_ text: String) -> Data? {
        guard text.utf8.count <= maximumPictureBytes * 4 / 3 + 4, let bytes = Data(base64Encoded: text),
            bytes.count <= maximumPictureBytes
        else { return nil }
        switch PhotographIntake.Format(sniffing: bytes) {
        case .jpeg, .png: return bytes
        case .webp, nil: return nil
        }
    }

    private static func clip(_ wire: Wire.Clip, at: Instant) -> Clip? {
        guard let from = Instant(rfc3339: wire.from), let to = Instant(rfc3339: wire.to), from < to,
            to - from <= maximumClip, from >= at - maximumClip, to <= at + maximumClip
        else { return nil }
        return Clip(from: from, to: to)
    }

    private static func reading(_ wire: Wire.Reading?, _ now: Instant) throws(Refused) -> Reading {
        guard let wire, AlertName.isValid(wire.sensor), AlertName.isValid(wire.licence), AlertName.isValid(wire.kind)
        else { throw Refused(reason: .undecodable) }
        guard (-60...150).contains(wire.celsius) else { throw Refused(reason: .reading) }
        return Reading(
            sensor: wire.sensor, licence: wire.licence, kind: wire.kind, at: try time(wire.at, now),
            celsius: wire.celsius)
    }

    private static func time(_ text: String, _ now: Instant) throws(Refused) -> Instant {
        guard let at = Instant(rfc3339: text), at <= now + maximumAhead, at >= now - maximumAge else {
            throw Refused(reason: .time)
        }
        return at
    }
}

/// The record as it is on the wire.
private struct Wire: Decodable {
    struct Alert: Decodable {
        var id: String
        var gbId: String
        var at: String
        var code: String
        var confidence: Double?
        var picture: String?
        var clip: Clip?
    }

    struct Clip: Decodable {
        var from: String
        var to: String
    }

    struct Reading: Decodable {
        var sensor: String
        var licence: String
        var kind: String
        var at: String
        var celsius: Double
    }

    /// A member of a list that may be anything.
    struct Member<Value: Decodable>: Decodable {
        /// nil: not of the contract's shape.
        var value: Value?

        init(from decoder: any Decoder) throws {
            do {
                value = try Value(from: decoder)
            } catch is DecodingError {
                value = nil
            }
        }
    }

    var version: Int
    var vendor: String
    var productVersion: String
    var alerts: [Member<Alert>]?
    var readings: [Member<Reading>]?
}
