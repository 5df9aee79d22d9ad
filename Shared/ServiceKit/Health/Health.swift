/// Runs the readiness checks, each with a deadline, side by side.
public struct Health: Sendable {
    static let deadline: Duration = .seconds(2)
    let checks: [ReadinessCheck]

    public init(checks: [ReadinessCheck]) {
        self.checks = checks
    }

    public func report() async -> HealthReport {
        let results = await withTaskGroup(of: (String, HealthReport.Result).self) { group in
            for check in checks {
                group.addTask { (check.name, await Self.run(check)) }
            }
            return await group.reduce(into: [String: HealthReport.Result]()) { $0[$1.0] = $1.1 }
        }
        return HealthReport(ready: results.values.allSatisfy(\.ok), checks: results)
    }

    private static func run(_ check: ReadinessCheck) async -> HealthReport.Result {
        await withTaskGroup(of: HealthReport.Result.self) { group in
            group.addTask {
                do {
                    return HealthReport.Result(ok: true, detail: try await check.check())
                } catch {
                    return HealthReport.Result(ok: false, detail: "\(error)")
                }
            }
            group.addTask {
                do {
                    try await Task.sleep(for: deadline)
                } catch {
                    return HealthReport.Result(ok: false, detail: "cancelled")
                }
                return HealthReport.Result(ok: false, detail: "no answer within \(deadline)")
            }
            let first = await group.next() ?? HealthReport.Result(ok: false, detail: "no answer")
            group.cancelAll()
            return first
        }
    }
}
