/// An entry with its place in the tree.
struct SequencedEntry: Sendable {
    var index: UInt64
    var entry: JournalEntry
}
