import Calendar
import Foundation
import ServiceKit

/// The service's own settings.
public struct DisclosureSettings: Sendable {
    /// `ATTACHMENTS_DIR`: files of items, by their content; made when it does not exist.
    var attachmentsDirectory: String
    /// `DUMPS_DIR`: the nightly dumps of the open data; without it `dumps` in the folder above.
    var dumpsDirectory: String
    /// `WORKDAYS_DIR`: `YYYY.json`, the yearly holiday notices. Without it no year is known.
    var workdaysDirectory: String?
    /// `FFMPEG`: name or path.
    var ffmpeg: String
    /// `VIRUS_SCANNER`: program and arguments; absent = files are not scanned.
    var virusScanner: String?

    static func read(_ reader: SettingsReader) -> DisclosureSettings {
        let attachments = reader.string("ATTACHMENTS_DIR", allowed: "a folder for the files of items")
        return DisclosureSettings(
            attachmentsDirectory: attachments,
            dumpsDirectory: reader.string("DUMPS_DIR", default: attachments + "/dumps"),
            workdaysDirectory: reader.optionalString("WORKDAYS_DIR"),
            ffmpeg: reader.string("FFMPEG", default: "ffmpeg"), virusScanner: reader.optionalString("VIRUS_SCANNER"))
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
