import ServiceLifecycle

/// Starts a client of the topics after they exist: a broker that makes topics by itself would otherwise make those that
/// we ask for first, with its own number of partitions.
struct AfterTopics: Service {
    let check: TopicCheck
    let service: any Service

    func run() async throws {
        let exist = await cancelWhenGracefulShutdown { await check.topicsExist() }
        if exist { try await service.run() }
    }
}
