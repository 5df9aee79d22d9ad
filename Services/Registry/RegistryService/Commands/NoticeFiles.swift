import Calendar
import Foundation

/// Notice files named on a command line; a folder stands for its `*.json`.
struct NoticeFiles {
    struct Refusal {
        let file: String
        let reason: String
    }

    private(set) var notices: [HolidayNotice] = []
    private(set) var refused: [Refusal] = []

    init(_ paths: [String]) {
        for path in paths.flatMap(Self.expand) { read(path) }
    }

    private static func expand(_ path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".json") }.sorted()
                .map { path + "/" + $0 }
        } catch {
            return [path]
        }
    }

    private mutating func read(_ path: String) {
        let name = URL(fileURLWithPath: path).lastPathComponent
        do {
            let notice = try HolidayNotice.read(Data(contentsOf: URL(fileURLWithPath: path)))
            guard !notices.contains(where: { $0.year == notice.year }) else {
                refused.append(Refusal(file: name, reason: "\(notice.year) 年的通知在本次给出了两份"))
                return
            }
            notices.append(notice)
        } catch let fault as CalendarFault {
            refused.append(Refusal(file: name, reason: Self.explain(fault)))
        } catch {
            refused.append(Refusal(file: name, reason: "文件无法读取"))
        }
    }

    static func explain(_ fault: CalendarFault) -> String {
        switch fault {
        case .unreadable: "不是通知文件：需要 year、papers 和 days（name、date、isOffDay）"
        case .notPublished(let year): "\(year) 年的放假通知尚未公布（days 或 papers 为空）：不载入，期限保持暂定"
        case .dayOutsideYear(let date, let year): "\(date.iso) 不属于 \(year) 年的通知"
        case .contradiction(let date): "\(date.iso) 既写为放假又写为上班"
        case .countNotPositive(let count): "工作日数必须大于 0，而不是 \(count)"
        }
    }
}
