/// What became of the records of a batch.
struct InboxTally: Sendable {
    var handled = 0
    var passed = 0
    var duplicates = 0
    var kept = 0
    var setAside: [DeadLetterKind: Int] = [:]
}
