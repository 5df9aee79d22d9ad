import ServiceKit

/// Templates and texts of each service, loaded once in a test process: parsing them takes longer than most tests.
actor LoadedPages {
    static let shared = LoadedPages()

    private var loading: [String: Task<Pages, any Error>] = [:]

    func pages(of service: ServiceDescription) async throws -> Pages {
        if let task = loading[service.name] { return try await task.value }
        let task = Task { try await Pages(bundle: service.bundle, prefix: service.pathPrefix) }
        loading[service.name] = task
        return try await task.value
    }
}
