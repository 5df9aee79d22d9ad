import PersonalData
import Yams

/// The inventory of personal data (`Shared/PersonalData/inventory.yaml`): drives the purge and the rendered document.
public struct PersonalDataInventory: Sendable {
    public struct Text: Decodable, Sendable {
        public let zh: String
        public let en: String
    }

    public enum Protection: String, Decodable, Sendable {
        case sealed
        case hashed
        case pseudonym
        case plain
    }

    /// From when a row's age counts: a column of its own table, or of the row of another table with the same key.
    public struct Since: Decodable, Sendable {
        public let table: String?
        public let key: String?
        public let column: String
    }

    public struct Retention: Decodable, Sendable {
        public let days: Int
        public let since: Since
    }

    public struct Entry: Decodable, Sendable {
        /// A service's name, or `all`.
        public let service: String
        public let table: String
        public let columns: [String]
        public let what: Text
        public let purpose: Text
        public let basis: Text
        public let protection: Protection
        /// Absent: the rows stay.
        public let retention: Retention?
    }

    public let entries: [Entry]

    public init(yaml: String) throws {
        entries = try YAMLDecoder().decode([Entry].self, from: yaml)
    }

    /// The product's.
    public static func shipped() throws -> PersonalDataInventory {
        try PersonalDataInventory(yaml: PersonalDataInventoryFile.text)
    }

    public func entries(of service: String) -> [Entry] {
        entries.filter { $0.service == service || $0.service == "all" }
    }

    /// docs/privacy/inventory.md.
    public func document() -> String {
        let rows = entries.map { entry in
            let kept =
                entry.retention.map { retention in
                    let place = retention.since.table.map { "\($0)." } ?? ""
                    return "\(retention.days) d after `\(place)\(retention.since.column)`"
                } ?? "stays"
            return
                "| \(entry.service) | `\(entry.table)` (\(entry.columns.joined(separator: ", "))) | \(entry.what.zh)<br>"
                + "\(entry.what.en) | \(entry.purpose.zh)<br>\(entry.purpose.en) | \(entry.basis.zh)<br>"
                + "\(entry.basis.en) | \(entry.protection.rawValue) | \(kept) |"
        }
        return """
            # Personal data: inventory · 个人信息清单

            Rendered from `Shared/PersonalData/inventory.yaml`, which drives the purge: change that file, not this one.
            由上述文件生成，清理任务按它执行。`sealed` AES-256-GCM 加密 · `hashed` 散列 · `pseudonym` 仅人员编号。

            | Service 服务 | Table 表 | What 内容 | Why 目的 | Basis 依据 | At rest 存储 | Kept 保存 |
            |---|---|---|---|---|---|---|

            """ + rows.joined(separator: "\n") + "\n"
    }
}
