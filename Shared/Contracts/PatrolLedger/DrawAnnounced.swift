import Calendar

/// A 双随机 draw was fixed: digest of all inputs and of the secret part of the seed, before anything is drawn.
public struct DrawAnnounced: Event {
    public static let type = "brightkitchen.patrol.draw.announced.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Stable id of the draw.
    public var drawId: DrawID
    /// Organ; partition key.
    public var organId: OrganID
    /// How it is drawn; see docs/patrols.md.
    public var algorithm: String
    /// SHA-256 of the exact input document, lower-case hex.
    public var inputsHash: String
    /// SHA-256 of the secret 32 bytes that are opened with the draw, lower-case hex.
    public var seedCommitment: String
    /// Time.
    public var announcedAt: Instant

    public init(
        drawId: DrawID,
        organId: OrganID,
        algorithm: String,
        inputsHash: String,
        seedCommitment: String,
        announcedAt: Instant
    ) {
        self.drawId = drawId
        self.organId = organId
        self.algorithm = algorithm
        self.inputsHash = inputsHash
        self.seedCommitment = seedCommitment
        self.announcedAt = announcedAt
    }
}
