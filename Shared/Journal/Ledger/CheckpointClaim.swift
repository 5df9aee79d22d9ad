/// A checkpoint with a valid signature, and how to name it in a report.
struct CheckpointClaim: Sendable {
    var name: String
    var checkpoint: Checkpoint
}
