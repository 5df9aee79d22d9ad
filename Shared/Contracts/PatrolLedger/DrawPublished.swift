import Calendar

/// Result and seed of a draw are open: anybody can draw again.
public struct DrawPublished: Event {
    public static let type = "brightkitchen.patrol.draw.published.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Stable id of the draw.
    public var drawId: DrawID
    /// Organ; partition key.
    public var organId: OrganID
    /// How it was drawn.
    public var algorithm: String
    /// SHA-256 of the exact input document, lower-case hex.
    public var inputsHash: String
    /// The 32 committed bytes, lower-case hex.
    public var secret: String
    /// Size of the signed checkpoint that covers the announcement.
    public var checkpointSize: Int
    /// Its root, lower-case hex.
    public var checkpointRoot: String
    /// SHA-256 of the exact result document, lower-case hex.
    public var resultHash: String
    /// Drawn canteens in order.
    public var canteenIds: [CanteenID]
    /// Time.
    public var publishedAt: Instant

    public init(
        drawId: DrawID,
        organId: OrganID,
        algorithm: String,
        inputsHash: String,
        secret: String,
        checkpointSize: Int,
        checkpointRoot: String,
        resultHash: String,
        canteenIds: [CanteenID],
        publishedAt: Instant
    ) {
        self.drawId = drawId
        self.organId = organId
        self.algorithm = algorithm
        self.inputsHash = inputsHash
        self.secret = secret
        self.checkpointSize = checkpointSize
        self.checkpointRoot = checkpointRoot
        self.resultHash = resultHash
        self.canteenIds = canteenIds
        self.publishedAt = publishedAt
    }
}
