import Access
import Contracts
import Postgres

/// An importer that refuses lines outside the person's area before anything else looks at them.
struct GuardedImporter<Inner: LineImporter>: LineImporter {
    typealias Line = Inner.Line

    let importer: Inner
    let jurisdiction: Jurisdiction
    let owner: @Sendable (Inner.Line, Jurisdiction, PostgresTransaction) async throws -> Resource?
    let mayWrite: @Sendable (Resource) -> Bool

    var rules: Inner.Line.Rules { importer.rules }
    func keys(of line: Line) -> [UniqueKey] { importer.keys(of: line) }
    func sharedFacts(of line: Line) -> (key: UniqueKey, facts: AnyHashable)? { importer.sharedFacts(of: line) }

    func apply(
        _ lines: [NumberedLine<Line>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        var allowed: [NumberedLine<Line>] = []
        var isAllowed: [Bool] = []
        for line in lines {
            let resource = try await owner(line.line, jurisdiction, transaction)
            let may = resource.map(mayWrite) ?? false
            isAllowed.append(may)
            if may { allowed.append(line) }
        }
        var outcomes = try await importer.apply(allowed, isFinal: isFinal, scope, transaction).makeIterator()
        let refusal = LineOutcome.refused([
            ValueFault(.outsideArea, column: "", value: "", allowed: "您管辖范围内已登记的单位")
        ])
        return isAllowed.map { $0 ? outcomes.next() ?? refusal : refusal }
    }
}
