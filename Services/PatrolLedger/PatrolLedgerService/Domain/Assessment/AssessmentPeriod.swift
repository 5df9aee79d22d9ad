import Calendar

/// 考核周期: terms of a school year (学年学期) and calendar years, by a short code. School years begin on 1 September, their
/// second term on 1 February; together the terms leave no day out, so that holidays belong to the term before them.
struct AssessmentPeriod: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// School year that began in `year`; term 1 or 2.
        case term(Int)
        case year
    }

    var kind: Kind
    var year: Int

    /// `2026-2027-1` or `2026`; nil for anything else.
    init?(code: String) {
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard let year = parts.first.flatMap({ $0.utf8.count == 4 ? Int($0) : nil }), (2000...2200).contains(year)
        else { return nil }
        switch parts.count {
        case 1: kind = .year
        case 3:
            guard Int(parts[1]) == year + 1, parts[1].utf8.count == 4, let term = Int(parts[2]), (1...2).contains(term)
            else { return nil }
            kind = .term(term)
        default: return nil
        }
        self.year = year
        guard self.code == code else { return nil }
    }

    private init(_ kind: Kind, _ year: Int) {
        self.kind = kind
        self.year = year
    }

    var code: String {
        switch kind {
        case .term(let term): "\(year)-\(year + 1)-\(term)"
        case .year: "\(year)"
        }
    }

    var firstDay: LocalDate? {
        switch kind {
        case .term(1): LocalDate(iso: "\(year)-09-01")
        case .term: LocalDate(iso: "\(year + 1)-02-01")
        case .year: LocalDate(iso: "\(year)-01-01")
        }
    }

    var lastDay: LocalDate? {
        switch kind {
        case .term(1): LocalDate(iso: "\(year + 1)-01-31")
        case .term: LocalDate(iso: "\(year + 1)-08-31")
        case .year: LocalDate(iso: "\(year)-12-31")
        }
    }

    /// The running term, the two before it, this year and the last: newest first.
    static func presets(_ today: LocalDate) -> [AssessmentPeriod] {
        let schoolYear = today.month >= 9 ? today.year : today.year - 1
        let term = (2...8).contains(today.month) ? 2 : 1
        let terms =
            term == 1
            ? [
                AssessmentPeriod(.term(1), schoolYear), .init(.term(2), schoolYear - 1),
                .init(.term(1), schoolYear - 1),
            ]
            : [AssessmentPeriod(.term(2), schoolYear), .init(.term(1), schoolYear), .init(.term(2), schoolYear - 1)]
        return terms + [AssessmentPeriod(.year, today.year), AssessmentPeriod(.year, today.year - 1)]
    }
}
