/// A checkpoint with a valid signature, and how to name it in a report.
struct CheckpointClaim: Sendable {
    var name: String
    var checkpoint: Checkpoint
    /// Kept outside the database: who holds the database could not exchange it.
    var isExternal: Bool
}
