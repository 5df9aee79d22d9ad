import Calendar
import Contracts

/// A canteen (or a caterer's central kitchen) with all facts that other services learn.
public struct Canteen: Hashable, Sendable {
    public var id: CanteenID
    public var institution: Institution
    public var name: String
    public var servingMode: ServingMode
    public var diners: Int
    public var zones: [ZoneCode]
    public var catererLicence: String?
    /// nil: none was issued yet (筹建, art 5). Once there is one, it may end but never goes away.
    public var licence: Licence?
    /// 许可申请日期, where the roster states it.
    public var licenceAppliedOn: LocalDate?
    public var assignment: Jurisdiction.Assignment
    /// Stored because the day changes it: a licence ends at midnight.
    public var operating: Bool
    public var life = CanteenLife.open
    /// Why it shares another canteen's licence number.
    public var branchReason: String?
    /// A station set by hand, against the townships, and why.
    public var fixedStation: OrganID?
    public var stationReason: String?
    /// nil: the roster does not say.
    public var position: Position?

    /// What the others learn when it enters the register, and when its first licence is issued.
    public var registered: any Event {
        guard let licence else { return planned }
        return CanteenRegistered(
            canteenId: id, name: name, schoolId: institution.id, schoolName: institution.name,
            schoolType: institution.type, isCaterer: institution.isCaterer, uscc: institution.creditCode,
            divisionCode: institution.divisionCode, township: institution.township,
            cityDirect: institution.cityDirect, stationOrganId: assignment.station, countyOrganId: assignment.county,
            cityOrganId: assignment.city, supervisingDepartment: institution.department,
            supervisingOrganId: assignment.supervising, servingMode: servingMode.rawValue, diners: diners,
            zones: zones, licenceNumber: licence.number, licenceIssuedOn: licence.issuedOn,
            licenceValidTo: licence.validTo, catererLicenceNumber: catererLicence, operating: operating,
            latitude: position?.latitude, longitude: position?.longitude, coordinateSystem: position?.system)
    }

    public var changed: any Event {
        guard let licence else { return planned }
        return CanteenChanged(
            canteenId: id, name: name, schoolId: institution.id, schoolName: institution.name,
            schoolType: institution.type, isCaterer: institution.isCaterer, uscc: institution.creditCode,
            divisionCode: institution.divisionCode, township: institution.township,
            cityDirect: institution.cityDirect, stationOrganId: assignment.station, countyOrganId: assignment.county,
            cityOrganId: assignment.city, supervisingDepartment: institution.department,
            supervisingOrganId: assignment.supervising, servingMode: servingMode.rawValue, diners: diners,
            zones: zones, licenceNumber: licence.number, licenceIssuedOn: licence.issuedOn,
            licenceValidTo: licence.validTo, catererLicenceNumber: catererLicence, operating: operating,
            latitude: position?.latitude, longitude: position?.longitude, coordinateSystem: position?.system)
    }

    private var planned: CanteenPlanned {
        CanteenPlanned(
            canteenId: id, name: name, schoolId: institution.id, schoolName: institution.name,
            schoolType: institution.type, isCaterer: institution.isCaterer, uscc: institution.creditCode,
            divisionCode: institution.divisionCode, township: institution.township,
            cityDirect: institution.cityDirect, stationOrganId: assignment.station, countyOrganId: assignment.county,
            cityOrganId: assignment.city, supervisingDepartment: institution.department,
            supervisingOrganId: assignment.supervising, servingMode: servingMode.rawValue, diners: diners,
            zones: zones, licenceAppliedOn: licenceAppliedOn, catererLicenceNumber: catererLicence,
            latitude: position?.latitude, longitude: position?.longitude, coordinateSystem: position?.system)
    }

    /// Everything to publish after its facts, and perhaps its licence, changed from `old`.
    func news(after old: Licence?) -> [any Event] {
        guard let licence, licence != old else { return [changed] }
        guard let old else { return [registered, licence.issued(for: id, after: nil)] }
        return [changed, licence.event(for: id, after: old)]
    }

    /// The same canteen with organs and operation worked out again.
    func reassessed(_ jurisdiction: Jurisdiction, on day: LocalDate) -> Canteen {
        var canteen = self
        canteen.assignment = jurisdiction.assignment(of: institution)
        if let fixedStation { canteen.assignment.station = fixedStation }
        canteen.operating = mayOperate(on: day)
        return canteen
    }

    func mayOperate(on day: LocalDate) -> Bool {
        (life.decision == .open || day < life.since ?? day) && licence?.isInForce(on: day) == true
    }

    public func stage(on day: LocalDate) -> CanteenStage {
        if let since = life.since, since <= day {
            switch life.decision {
            case .open: break
            case .suspended: return .suspended
            case .closed: return .closed
            case .merged: return .merged
            }
        }
        guard let licence else { return .registered }
        if licence.isInForce(on: day) { return .operating }
        return licence.state == .valid && day < licence.issuedOn ? .registered : .suspended
    }
}
