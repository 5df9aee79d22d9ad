import Calendar
import Contracts

/// One licence that a canteen has or had.
public struct LicenceVersion: Hashable, Sendable {
    public var canteenId: CanteenID
    public var licence: Licence
    /// 经营项目, as printed on the licence.
    public var scope: String?
    /// How its existence was checked: by a person, or against a registry. A check digit alone proves nothing.
    public var verifiedBy: String?

    /// What the licence must allow of a 集体用餐配送单位 (art 13).
    static let catererScope = "集体用餐配送"

    /// none → issued → valid → expiring → expired | revoked | cancelled | withdrawn (domain art 5).
    public enum Status: String, Codable, CaseIterable, Sendable {
        /// Entered, not yet checked against the original or a registry.
        case issued
        case valid
        /// Its last day is near.
        case expiring
        case expired
        case revoked
        case cancelled
        case withdrawn
    }

    /// Days before the last one from which a licence counts as expiring: a renewal is applied for 30 working days ahead.
    static let expiringDays = 60

    public func status(on day: LocalDate) -> Status {
        switch licence.state {
        case .revoked: return .revoked
        case .cancelled: return .cancelled
        case .withdrawn: return .withdrawn
        case .valid: break
        }
        if day > licence.validTo { return .expired }
        if day.adding(days: Self.expiringDays) > licence.validTo { return .expiring }
        return verifiedBy == nil ? .issued : .valid
    }
}
