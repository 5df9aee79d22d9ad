import Contracts
import Postgres

extension PatrolDesk {
    /// A self-check with its reports, where the person may see the canteen; a draft is the school's own.
    func selfCheckFile(_ key: SelfCheckKey, for caller: Caller) async throws -> SelfCheckFileView {
        let canteen = try await selfCheckCanteen(key, .seeRegister, intent: .read, caller, pool)
        guard let check = try await pool.selfCheck(key) else { throw Self.noSelfCheck }
        let reports = try await pool.selfCheckReports(key)
        var draft: SelfCheckEntry?
        if caller.principal.schoolId != nil, let bytes = check.draft {
            draft = try EventJSON.decode(SelfCheckEntry.self, from: bytes)
        }
        return SelfCheckFileView(
            check: SelfCheckView(
                check, canteenName: canteen.name, schoolName: canteen.schoolName,
                noProblemFound: reports.first?.noProblemFound, qualityFlags: reports.first?.qualityFlags ?? []),
            draft: draft, reports: try reports.map(SelfCheckReportView.init), reviewedAt: check.reviewedAt,
            reviewNote: check.reviewNote)
    }
}
