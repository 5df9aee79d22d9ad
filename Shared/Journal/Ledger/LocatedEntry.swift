/// An entry and where it is in the tree.
public struct LocatedEntry: Hashable, Sendable {
    public var entry: JournalEntry
    /// nil until the relay has sequenced it.
    public var leafIndex: UInt64?
}
