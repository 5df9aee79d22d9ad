/// One condition of being ready. `check` returns what to show, or throws what is wrong; it must answer within a second.
public struct ReadinessCheck: Sendable {
    public let name: String
    let check: @Sendable () async throws -> String

    public init(_ name: String, _ check: @escaping @Sendable () async throws -> String) {
        self.name = name
        self.check = check
    }
}
