import Contracts
import Journal
import Postgres

/// Lines of the term list → `meal-calendar.changed` for every canteen of the school.
struct TermImporter: LineImporter {
    let rules = TermLine.Rules()

    func keys(of line: TermLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: TermColumn.name.rawValue, value: "\(line.creditCode) \(line.term.name)")
        ]
    }

    func apply(
        _ lines: [NumberedLine<TermLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.map(\.line.creditCode), transaction)
        var terms: [SchoolID: [SchoolTerm]] = [:]
        var touched: [SchoolID] = []
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            guard let school = reference.institution(line.creditCode) else {
                outcomes.append(
                    InstitutionReference.unknownInstitution(TermColumn.creditCode.rawValue, line.creditCode))
                continue
            }
            if terms[school.id] == nil {
                terms[school.id] = try await MealCalendarStore.terms(school.id, transaction)
            }
            var known = terms[school.id] ?? []
            let stored = known.first { $0.name == line.term.name }
            known.removeAll { $0.name == line.term.name }
            if let other = known.first(where: {
                $0.startsOn <= line.term.endsOn && line.term.startsOn <= $0.endsOn
            }) {
                outcomes.append(
                    .refused([
                        ValueFault(
                            .termOverlap, column: TermColumn.startsOn.rawValue, value: line.term.startsOn.iso,
                            allowed: "不与“\(other.name)”（\(other.startsOn.iso)～\(other.endsOn.iso)）重叠")
                    ]))
                continue
            }
            terms[school.id] = known + [line.term]
            guard stored != line.term else {
                outcomes.append(.unchanged)
                continue
            }
            try await transaction.execute(
                """
                INSERT INTO school_term (institution_id, name, starts_on, ends_on)
                VALUES (\(school.id), \(line.term.name), \(line.term.startsOn), \(line.term.endsOn))
                ON CONFLICT (institution_id, name) DO UPDATE SET starts_on = excluded.starts_on,
                    ends_on = excluded.ends_on
                """)
            if !touched.contains(school.id) { touched.append(school.id) }
            outcomes.append(stored == nil ? .added : .changed)
        }
        try await MealCalendarStore.publish(touched, scope, transaction)
        return outcomes
    }
}
