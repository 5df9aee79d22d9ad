import Calendar

/// What the rules make of an item's content: from when to when it is valid, whether it came late, what it may not be
/// twice.
struct ItemTerms: Hashable, Sendable {
    var validFrom: LocalDate
    /// Inclusive; nil: no natural end.
    var validTo: LocalDate?
    /// Published after it was due (D8: 20 working days after the result; D9: after the last day of its period).
    var isLate = false
    /// Two current items of a canteen and category may not have the same key.
    var uniqueKey: String?
}
