import Calendar
import Concurrency
import Contracts
import Foundation
import ServiceKit

/// The service's own settings.
public struct PatrolLedgerSettings: Sendable {
    /// `VIDEO_LIVE_DIR`: `<gb_id>/index.m3u8` of every live camera.
    var liveDirectory: String
    /// Where originals lie: `EVIDENCE_STORAGE`, and what belongs to each kind.
    enum Evidence: Hashable, Sendable {
        /// `EVIDENCE_DIR`: a folder; made when it does not exist.
        case directory(String)
        case objects(ObjectStorageSettings)
    }

    private enum StorageKind: String, CaseIterable {
        case directory
        case objects = "s3"
    }

    var evidence: Evidence
    /// `WORKDAYS_DIR`: `YYYY.json`, the yearly holiday notices. Without it no year is known.
    var workdaysDirectory: String?
    /// `PATROL_MINIMUM_VIEW_SECONDS`: how long a zone must be watched; absent = the rule set's 30.
    var minimumViewSeconds: Int?
    /// `WITNESS_KEYS`: file with a vkey of a witness a line; absent = no witness is known.
    var witnessKeys: [WitnessKey] = []
    /// `ALERT_VENDORS`: who may report alerts, and for which divisions; absent = nobody.
    var alertVendors = AlertVendors()
    /// `ALERT_CODES`: a file in place of the built-in code table.
    var alertCodes = AlertCodes(version: "", codes: [], vendors: [], temperatures: [])
    /// `RECORDING_DAYS`: days that recorders keep recordings (at least 15, art 9; 30 under the regulation of 2025).
    var recordingDays = 30
    /// `FFMPEG`: name or path.
    var ffmpeg: String

    static func read(_ reader: SettingsReader) -> PatrolLedgerSettings {
        var settings = PatrolLedgerSettings(
            liveDirectory: reader.string("VIDEO_LIVE_DIR", allowed: "the folder of the live streams"),
            evidence: evidence(reader),
            workdaysDirectory: reader.optionalString("WORKDAYS_DIR"),
            minimumViewSeconds: reader.optionalString("PATROL_MINIMUM_VIEW_SECONDS") == nil
                ? nil : reader.integer("PATROL_MINIMUM_VIEW_SECONDS", in: 1...3600),
            alertVendors: alertVendors(reader), alertCodes: alertCodes(reader),
            ffmpeg: reader.string("FFMPEG", default: "ffmpeg"))
        settings.witnessKeys = witnessKeys(reader)
        settings.recordingDays = reader.integer("RECORDING_DAYS", default: 30, in: 15...3650)
        return settings
    }

    private static func evidence(_ reader: SettingsReader) -> Evidence {
        if reader.choice("EVIDENCE_STORAGE", default: StorageKind.directory) == .objects {
            return .objects(ObjectStorageSettings.read(reader))
        }
        return .directory(reader.string("EVIDENCE_DIR", allowed: "a folder for evidence"))
    }

    func vault(_ runtime: ServiceRuntime) throws -> EvidenceVault {
        switch evidence {
        case .directory(let path):
            EvidenceVault(storage: try EvidenceDirectory(root: URL(fileURLWithPath: path, isDirectory: true)))
        case .objects(let settings):
            EvidenceVault(
                storage: try ObjectStorage(settings, clock: runtime.clock, logger: runtime.logger))
        }
    }

    private static func alertVendors(_ reader: SettingsReader) -> AlertVendors {
        let text = reader.optionalString("ALERT_VENDORS") ?? ""
        if let vendors = AlertVendors(text) { return vendors }
        reader.fail(
            "ALERT_VENDORS", value: text, allowed: "name=division[+division…],… with the first 2 to 6 digits")
        return AlertVendors()
    }

    private static func alertCodes(_ reader: SettingsReader) -> AlertCodes {
        let path = reader.optionalString("ALERT_CODES")
        var codes = AlertCodes(version: "", codes: [], vendors: [], temperatures: [])
        do {
            if let path {
                codes = try EventJSON.decode(from: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
            } else {
                codes = try .builtIn()
            }
            if let fault = codes.fault(try .builtIn()) {
                reader.fail("ALERT_CODES", value: path, allowed: "a code table without a wrong \(fault)")
            }
        } catch {
            reader.fail("ALERT_CODES", value: path, allowed: "a JSON file in the shape of alert-codes-2.json")
        }
        return codes
    }

    private static func witnessKeys(_ reader: SettingsReader) -> [WitnessKey] {
        guard let path = reader.optionalString("WITNESS_KEYS") else { return [] }
        let allowed = "a file with a witness's vkey a line (patrol-ledger witness --show-key)"
        guard let bytes = FileManager.default.contents(atPath: path) else {
            reader.fail("WITNESS_KEYS", value: path, allowed: allowed)
            return []
        }
        var keys: [WitnessKey] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        where !line.hasPrefix("#") {
            guard let key = WitnessKey(vkey: line) else {
                reader.fail("WITNESS_KEYS", value: String(line), allowed: allowed)
                continue
            }
            keys.append(key)
        }
        return keys
    }

    func rules() throws -> RuleSet {
        var rules = try RuleSet.builtIn()
        if let minimumViewSeconds { rules.minimumViewSeconds = minimumViewSeconds }
        return rules
    }

    /// Files of years that are not published yet are left out: unknown, never "no holidays". Other faults stop the start.
    func calendar() throws -> WorkingCalendar {
        guard let workdaysDirectory else { return try WorkingCalendar(notices: []) }
        let folder = URL(fileURLWithPath: workdaysDirectory, isDirectory: true)
        var notices: [HolidayNotice] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".json") {
            do {
                notices.append(try HolidayNotice.read(try Data(contentsOf: folder.appending(path: name))))
            } catch CalendarFault.notPublished {
                continue
            }
        }
        return try WorkingCalendar(notices: notices)
    }
}
