import Calendar
import Foundation
import ServiceKit

/// `WORKDAYS_DIR`: `YYYY.json`, the State Council's holiday notices. Without it no year is known.
enum HolidayFolder {
    static func read(_ reader: SettingsReader) -> WorkingCalendar {
        var notices: [HolidayNotice] = []
        do {
            if let path = reader.optionalString("WORKDAYS_DIR") {
                let folder = URL(fileURLWithPath: path, isDirectory: true)
                for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
                where name.hasSuffix(".json") {
                    do {
                        notices.append(try HolidayNotice.read(try Data(contentsOf: folder.appending(path: name))))
                    } catch CalendarFault.notPublished {
                        continue
                    }
                }
            }
            return try WorkingCalendar(notices: notices)
        } catch {
            reader.fail("WORKDAYS_DIR", value: "\(error)", allowed: "a folder of valid holiday notices")
            return WorkingCalendar.unknown
        }
    }
}

extension WorkingCalendar {
    /// No notice is known.
    static var unknown: WorkingCalendar {
        do {
            return try WorkingCalendar(notices: [])
        } catch {
            preconditionFailure("an empty calendar has no faults: \(error)")
        }
    }
}
