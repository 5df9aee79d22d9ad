import ServiceKit

/// JSON of a bulletin to be drafted; every field is checked like the field of the form.
struct BulletinWish: Decodable, Sendable {
    let cause: String?
    let facts: String?
    let requirement: String?
    let urgency: String?
    let answerDays: Int?
    let canteenIds: [String]?
    let problemIds: [String]?
    let receiverIds: [String]?
    let copyIds: [String]?
    let corrects: String?
    /// Version of the draft that is changed.
    let version: Int?

    var form: FormData {
        var values: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value { values.append((name: name, value: value)) } }
        add("cause", cause)
        add("facts", facts)
        add("requirement", requirement)
        add("urgency", urgency)
        add("answer_days", answerDays.map(String.init))
        for id in canteenIds ?? [] { add("canteen", id) }
        for id in problemIds ?? [] { add("problem", id) }
        for id in receiverIds ?? [] { add("receiver", id) }
        for id in copyIds ?? [] { add("copy", id) }
        add("corrects", corrects)
        add("version", version.map(String.init))
        return FormData(values: values)
    }
}
