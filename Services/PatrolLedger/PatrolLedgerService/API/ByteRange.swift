/// One `Range: bytes=a-b` (RFC 9110 §14.2): what players of clips ask for. Anything else is answered with the whole.
struct ByteRange: Hashable, Sendable {
    let first: Int
    let last: Int

    /// nil when the header names no single range that lies within `length` bytes.
    init?(_ header: String, length: Int) {
        guard length > 0, header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, !ends[0].isEmpty, let first = Int(ends[0]), first >= 0, first < length else {
            return nil
        }
        let last = ends[1].isEmpty ? length - 1 : Int(ends[1]) ?? -1
        guard last >= first else { return nil }
        self.first = first
        self.last = min(last, length - 1)
    }
}
