/// What a replay led to.
public enum ReplayOutcome: Hashable, Sendable {
    /// Handled; so were this many records that waited behind it (the last of them may have parked the stream again).
    case replayed(followers: Int)
    /// Still fails, and stays where it was.
    case failedAgain(error: String)
    /// Its effect had taken place before.
    case alreadyDone
}
