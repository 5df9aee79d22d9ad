/// What an attachment may be at most.
public struct AttachmentLimits: Sendable {
    /// Bytes of a file as it arrives.
    public var largestFile: Int
    /// Width times height of a picture as it arrives; more than any telephone takes.
    public var mostPixels: Int
    /// Long side of a picture as it is stored.
    public var longestSide: Int
    /// How long one re-encoding may take.
    public var deadline: Duration
    /// Re-encodings at the same time; each is one process with one thread.
    public var processes: Int
    /// Re-encodings that may wait for a free process; beyond, 503 with Retry-After.
    public var waiting: Int

    public init(
        largestFile: Int = 10 << 20, mostPixels: Int = 50_000_000, longestSide: Int = 2048,
        deadline: Duration = .seconds(20), processes: Int = 2, waiting: Int = 32
    ) {
        self.largestFile = largestFile
        self.mostPixels = mostPixels
        self.longestSide = longestSide
        self.deadline = deadline
        self.processes = processes
        self.waiting = waiting
    }

    public static let standard = AttachmentLimits()

    /// Body limit of a route that takes `count` files: the files and a form around them.
    public func bodyLimit(files count: Int) -> Int { count * largestFile + (1 << 20) }
}
