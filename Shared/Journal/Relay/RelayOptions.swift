/// How a relay works. The defaults are those of production.
public struct RelayOptions: Sendable {
    /// Entries sequenced and sent at a time. A crash repeats at most one such batch on the topic.
    public var batchSize = 2_000
    /// How often the relay looks for entries nobody told it about (another process, a lost wake-up).
    public var pollInterval: Duration = .milliseconds(250)
    /// At most one checkpoint in this time, and one soon after the last entry when there is nothing more to do.
    public var checkpointInterval: Duration = .seconds(10)
    /// An idle log says again at least this often that its latest checkpoint stands: silence on the topic longer than
    /// this means that the service is down, not that nothing happened.
    public var announcementInterval: Duration = .seconds(3600)
    /// How often an idle relay asks whether the broker still has its log, and whether a republication was requested.
    public var inspectionInterval: Duration = .seconds(2)
    /// What a relay in graceful shutdown may take to finish the batch in hand.
    public var shutdownLimit: Duration = .seconds(2)

    public init() {}
}
