import Journal

/// The newest signed checkpoint: the note as it was signed, and what it says.
struct VouchedTree: Sendable {
    let note: String
    let checkpoint: Checkpoint

    /// nil when the note is no signed checkpoint.
    init?(note: String) {
        guard let signed = SignedNote(parsing: note), let checkpoint = Checkpoint(text: signed.text) else { return nil }
        self.note = note
        self.checkpoint = checkpoint
    }
}
