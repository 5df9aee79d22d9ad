import Calendar
import Foundation

/// The notice files of the demo city.
enum WorkingCalendarFiles {
    static func notice(_ year: Int) throws -> HolidayNotice {
        try HolidayNotice.read(Data(contentsOf: RegistryTest.demo.appendingPathComponent("workdays/\(year).json")))
    }
}
