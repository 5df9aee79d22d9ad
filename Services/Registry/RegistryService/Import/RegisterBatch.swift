import Calendar
import Contracts

/// Decides what a batch of roster lines does to the register. Pure: the stored facts come in, rows and events come out.
struct RegisterBatch {
    private let jurisdiction: Jurisdiction
    private let today: LocalDate
    private let caterers: Set<String>
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
        canteens: [Canteen], institutions: [Institution], caterers: Set<String>, jurisdiction: Jurisdiction,
        today: LocalDate
    ) {
        self.jurisdiction = jurisdiction
        self.today = today
        self.caterers = caterers
        self.institutions = Dictionary(institutions.map { ($0.creditCode, $0) }, uniquingKeysWith: { $1 })
        before = Dictionary(canteens.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.canteens = before
        for canteen in canteens { index(canteen) }
    }

    private mutating func index(_ canteen: Canteen) {
        byLicence[canteen.licence.number] = canteen.id
        byName[Self.key(canteen.institution.creditCode, canteen.name)] = canteen.id
    }

    private static func key(_ creditCode: String, _ name: String) -> String { creditCode + "\u{0}" + name }

    mutating func enter(_ line: RosterLine, isFinal: Bool) -> LineOutcome {
        if let owner = byLicence[line.licence].flatMap({ canteens[$0] }),
            owner.institution.creditCode != line.creditCode || owner.name != line.canteenName
        {
            return .refused([
                ValueFault(
                    .licenceTaken, column: RosterColumn.licence.rawValue, value: line.licence,
                    allowed: "该证已登记在“\(owner.institution.name)”的“\(owner.name)”；一证只对应一个食堂")
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
        let institution = entered(line)
        if let id = byName[Self.key(line.creditCode, line.canteenName)], let stored = canteens[id] {
            return update(stored, line, institution)
        }
        return add(line, institution)
    }

    private mutating func entered(_ line: RosterLine) -> Institution {
        let stored = institutions[line.creditCode]
        let institution = Institution(
            id: stored?.id ?? .new(), creditCode: line.creditCode, name: line.schoolName, type: line.type,
            department: line.department, cityDirect: line.cityDirect, divisionCode: line.divisionCode,
            township: line.township)
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
        canteen.catererLicence = line.catererLicence
        canteen.licence = stored.licence.renewed(
            number: line.licence, issuedOn: line.issuedOn, validTo: line.validTo)
        canteen = canteen.reassessed(jurisdiction, on: today)
        guard canteen != stored else { return .unchanged }
        canteens[canteen.id] = canteen
        byLicence[stored.licence.number] = nil
        index(canteen)
        touchedCanteens.insert(canteen.id)
        return .changed
    }

    private mutating func add(_ line: RosterLine, _ institution: Institution) -> LineOutcome {
        let canteen = Canteen(
            id: .new(), institution: institution, name: line.canteenName, servingMode: line.servingMode,
            diners: line.diners, zones: line.zones, catererLicence: line.catererLicence,
            licence: Licence(number: line.licence, issuedOn: line.issuedOn, validTo: line.validTo),
            assignment: Jurisdiction.Assignment(), operating: false
        ).reassessed(jurisdiction, on: today)
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
        return changed.map(\.changed) + registered.map(\.registered)
    }
}
