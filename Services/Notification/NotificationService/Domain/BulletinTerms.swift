/// Working days of a bulletin's life, part of the versioned rules.
struct BulletinTerms: Codable, Hashable, Sendable {
    /// For the receipt (签收).
    var receiptDays: Int
    /// For the answer (答复), where the bulletin itself names none.
    var answerDays: Int
    /// After the answer was due, until the organs above are told.
    var escalationDays: Int

    static let standard = BulletinTerms(receiptDays: 1, answerDays: 10, escalationDays: 3)
}
