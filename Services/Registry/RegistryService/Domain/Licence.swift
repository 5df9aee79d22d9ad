import Calendar
import Contracts

/// The food-business licence that a canteen stands on now.
public struct Licence: Hashable, Sendable {
    public enum State: String, Codable, CaseIterable, Sendable {
        case valid
        /// 吊销.
        case revoked
        /// 注销.
        case cancelled
        /// 撤销.
        case withdrawn

        public var chinese: String {
            switch self {
            case .valid: "有效"
            case .revoked: "吊销"
            case .cancelled: "注销"
            case .withdrawn: "撤销"
            }
        }
    }

    public var number: String
    public var issuedOn: LocalDate
    /// Inclusive.
    public var validTo: LocalDate
    public var state: State = .valid
    /// Day of the decision that ended it.
    public var endedOn: LocalDate?

    public func isInForce(on day: LocalDate) -> Bool {
        state == .valid && issuedOn <= day && day <= validTo
    }

    /// What a roster line does to the stored licence: the same number keeps its state, because a roster does not undo a
    /// revocation; a new number is a new licence.
    func renewed(number: String, issuedOn: LocalDate, validTo: LocalDate) -> Licence {
        guard number == self.number else { return Licence(number: number, issuedOn: issuedOn, validTo: validTo) }
        var licence = self
        licence.issuedOn = issuedOn
        licence.validTo = validTo
        return licence
    }

    /// Number and day of issue name a version.
    func isVersion(of other: Licence) -> Bool { number == other.number && issuedOn == other.issuedOn }

    /// `licence.issued` for another number than before, else `licence.changed`.
    func event(for canteen: CanteenID, after old: Licence) -> any Event {
        guard old.number == number else { return issued(for: canteen, after: old) }
        return LicenceChanged(
            canteenId: canteen, licenceNumber: number, issuedOn: issuedOn, validTo: validTo, state: state.rawValue)
    }

    func issued(for canteen: CanteenID, after old: Licence?) -> LicenceIssued {
        LicenceIssued(
            canteenId: canteen, licenceNumber: number, issuedOn: issuedOn, validTo: validTo, isFirst: old == nil,
            previousNumber: old?.number)
    }
}
