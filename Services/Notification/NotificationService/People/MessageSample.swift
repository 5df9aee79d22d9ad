import ServiceKit

/// Example values for looking at a wording before it is proposed. Nothing in them is a real matter.
enum MessageSample {
    static func values(_ name: MessageTemplate.Name, _ language: Language) -> [String: String] {
        let all = language == .zh ? chinese : english
        return all.filter { name.fields.contains($0.key) }
    }

    private static let chinese = [
        "kind": "发现问题", "school": "示例小学", "canteen": "第一食堂", "item": "生熟食品的工具、容器分开使用", "severity": "二类（较重）",
        "due": "2026-11-30 23:59", "number": "440703-TB-2026-000017",
        "link": "https://kitchen.example/notification/inbox",
        "count": "2", "lines": "1. 发现问题 · 示例小学 · 第一食堂\n2. 收到通报 · 示例小学 · 第一食堂", "date": "2026-11-24", "unread": "3",
        "open": "5", "overdue": "1", "code": "123456", "minutes": "10",
    ]

    private static let english = [
        "kind": "Problem found", "school": "Example Primary School", "canteen": "Canteen 1",
        "item": "Separate tools for raw and cooked food", "severity": "Class 2", "due": "2026-11-30 23:59",
        "number": "440703-TB-2026-000017", "link": "https://kitchen.example/notification/inbox", "count": "2",
        "lines": "1. Problem found · Example Primary School\n2. Bulletin received · Example Primary School",
        "date": "2026-11-24", "unread": "3", "open": "5", "overdue": "1", "code": "123456", "minutes": "10",
    ]
}
