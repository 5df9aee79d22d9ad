import Calendar
import Contracts

/// What the law wants to be known of a camera besides its place: hardware behind the id, privacy statement of an
/// anteroom, filing with the police (公共安全视频图像信息系统管理条例 art 8, 14).
struct CameraPapers: Hashable, Sendable, Codable {
    /// Serial number or fingerprint of the device behind the id.
    var hardware: String?
    var privacyStatementOn: LocalDate?
    var filingNumber: String?
    var filedOn: LocalDate?

    /// Where a filing stands. Only a camera of a public-safety system needs one; what it is has to be decided first.
    enum Filing: Hashable, Sendable {
        case notRequired
        case undetermined(by: LocalDate)
        case due(LocalDate)
        case overdue(LocalDate)
        case filed(LocalDate)
    }

    /// `days`: calendar days from first use.
    func filing(
        isPublicSafety: Bool?, enabledOn: LocalDate, days: Int, today: LocalDate
    ) -> Filing {
        if let filedOn { return .filed(filedOn) }
        let last = enabledOn.adding(days: days)
        guard let isPublicSafety else { return .undetermined(by: last) }
        guard isPublicSafety else { return .notRequired }
        return today > last ? .overdue(last) : .due(last)
    }

    /// Another device behind the same id: what it shows has to be checked anew.
    func isSwap(from old: CameraPapers) -> Bool {
        guard let before = old.hardware else { return false }
        return hardware != before
    }
}
