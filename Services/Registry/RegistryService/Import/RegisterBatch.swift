import Calendar
import Contracts

/// Decides what a batch of roster lines does to the register. Pure: the stored facts come in, rows and events come out.
struct RegisterBatch {
    private let jurisdiction: Jurisdiction
    private let today: LocalDate
    private let caterers: Set<String>
    /// Canteens that have a catering contract.
    private let contracted: Set<CanteenID>
    private var institutions: [String: Institution]
    private var canteens: [CanteenID: Canteen]
    private var byLicence: [String: CanteenID] = [:]
    private var byName: [String: CanteenID] = [:]
    private let before: [CanteenID: Canteen]
    private var added: [CanteenID] = []
    private var touchedInstitutions: Set<String> = []
    private var touchedCanteens: Set<CanteenID> = []

    private(set) var savedInstitutions: [Institution] = []
    private(set) var savedCanteens: [Canteen] = []

    init(
        canteens: [Canteen], institutions: [Institution], caterers: Set<String>, contracted: Set<CanteenID>,
        jurisdiction: Jurisdiction, today: LocalDate
    ) {
        self.contracted = contracted
        self.jurisdiction = jurisdiction
        self.today = today
        self.caterers = caterers
        self.institutions = Dictionary(institutions.map { ($0.creditCode, $0) }, uniquingKeysWith: { $1 })
        before = Dictionary(canteens.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.canteens = before
        for canteen in canteens { index(canteen) }
    }

    private mutating func index(_ canteen: Canteen) {
        if canteen.branchReason == nil, let licence = canteen.licence { byLicence[licence.number] = canteen.id }
        byName[Self.key(canteen.institution.creditCode, canteen.name)] = canteen.id
    }

    private static func key(_ creditCode: String, _ name: String) -> String { creditCode + "\u{0}" + name }

    mutating func enter(_ line: RosterLine, isFinal: Bool) -> LineOutcome {
        let known = byName[Self.key(line.creditCode, line.canteenName)].flatMap { canteens[$0] }
        let branch = line.extras.given.contains(.branchReason) ? line.extras.branchReason : known?.branchReason
        if line.licence == nil, let held = known?.licence {
            return .refused([
                ValueFault(
                    .licenceHeld, column: RosterColumn.licence.rawValue, value: "",
                    allowed: "该食堂已登记许可证 \(held.number)，名册不能把它变回无证；吊销、注销、撤销在许可证表登记")
            ])
        }
        if branch == nil, let licence = line.licence, let owner = byLicence[licence.number].flatMap({ canteens[$0] }),
            owner.institution.creditCode != line.creditCode || owner.name != line.canteenName
        {
            return .refused([
                ValueFault(
                    .licenceTaken, column: RosterColumn.licence.rawValue, value: licence.number,
                    allowed: "该证已登记在“\(owner.institution.name)”的“\(owner.name)”；一证只对应一个食堂，分支共用须在“共用许可证说明”列填写理由")
            ])
        }
        if let caterer = line.catererLicence, !caterers.contains(caterer) {
            guard isFinal else { return .deferred }
            return .refused([
                ValueFault(
                    .catererUnknown, column: RosterColumn.catererLicence.rawValue, value: caterer,
                    allowed: "已登记的集体用餐配送单位的许可证编号；供餐单位可在同一文件的任意一行")
            ])
        }
        if let station = line.extras.stationName, jurisdiction.station(named: station) == nil {
            return .refused([
                ValueFault(
                    .organUnknown, column: RosterColumn.station.rawValue, value: station, allowed: "已登记的基层监管所全称")
            ])
        }
        let institution = entered(line)
        if let known { return update(known, line, institution) }
        return add(line, institution)
    }

    private mutating func entered(_ line: RosterLine) -> Institution {
        let stored = institutions[line.creditCode]
        var institution = Institution(
            id: stored?.id ?? .new(), creditCode: line.creditCode, name: line.schoolName, type: line.type,
            department: line.department, cityDirect: line.cityDirect, divisionCode: line.divisionCode,
            township: line.township, departmentReason: stored?.departmentReason,
            departmentLevel: stored?.departmentLevel, externalOrgan: stored?.externalOrgan,
            externalContact: stored?.externalContact)
        line.extras.apply(to: &institution)
        if institution != stored {
            institutions[line.creditCode] = institution
            touchedInstitutions.insert(line.creditCode)
        }
        return institution
    }

    private mutating func update(_ stored: Canteen, _ line: RosterLine, _ institution: Institution) -> LineOutcome {
        var canteen = stored
        canteen.institution = institution
        canteen.servingMode = line.servingMode
        canteen.diners = line.diners
        canteen.zones = line.zones
        // Where contracts are registered they say who delivers, not the roster.
        if !contracted.contains(stored.id) { canteen.catererLicence = line.catererLicence }
        line.extras.apply(to: &canteen, stations: jurisdiction.stationIDs)
        if let licence = line.licence {
            canteen.licence =
                stored.licence?.renewed(number: licence.number, issuedOn: licence.issuedOn, validTo: licence.validTo)
                ?? licence
        }
        canteen = canteen.reassessed(jurisdiction, on: today)
        guard canteen != stored else { return .unchanged }
        canteens[canteen.id] = canteen
        if let old = stored.licence, byLicence[old.number] == stored.id { byLicence[old.number] = nil }
        index(canteen)
        touchedCanteens.insert(canteen.id)
        return .changed
    }

    private mutating func add(_ line: RosterLine, _ institution: Institution) -> LineOutcome {
        var canteen = Canteen(
            id: .new(), institution: institution, name: line.canteenName, servingMode: line.servingMode,
            diners: line.diners, zones: line.zones, catererLicence: line.catererLicence,
            licence: line.licence,
            assignment: Jurisdiction.Assignment(), operating: false)
        line.extras.apply(to: &canteen, stations: jurisdiction.stationIDs)
        canteen = canteen.reassessed(jurisdiction, on: today)
        canteens[canteen.id] = canteen
        index(canteen)
        added.append(canteen.id)
        return .added
    }

    /// The events, after which `savedInstitutions` and `savedCanteens` are what must be written.
    /// Facts of an institution belong to all of its canteens, so its other canteens change with it.
    mutating func finish() -> [any Event] {
        for (id, canteen) in canteens where touchedInstitutions.contains(canteen.institution.creditCode) {
            guard before[id] != nil, let institution = institutions[canteen.institution.creditCode] else { continue }
            var sibling = canteen
            sibling.institution = institution
            canteens[id] = sibling.reassessed(jurisdiction, on: today)
            if canteens[id] != before[id] { touchedCanteens.insert(id) }
        }
        savedInstitutions = touchedInstitutions.sorted().compactMap { institutions[$0] }
        let changed = touchedCanteens.sorted { $0.rawValue < $1.rawValue }.compactMap { canteens[$0] }
        let registered = added.compactMap { canteens[$0] }
        savedCanteens = changed + registered
        return changed.flatMap { events(of: $0) }
            + registered.flatMap { $0.licence == nil ? [$0.registered] : $0.news(after: nil) }
    }

    private func events(of canteen: Canteen) -> [any Event] {
        canteen.news(after: before[canteen.id]?.licence)
    }
}
