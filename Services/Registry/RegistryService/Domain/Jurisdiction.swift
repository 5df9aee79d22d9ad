import Contracts

/// Who is responsible for which place, computed from the organs and stations that were loaded. No code of any city is known here.
public struct Jurisdiction: Sendable {
    /// The organs in charge of one canteen.
    public struct Assignment: Hashable, Sendable {
        public var station: OrganID?
        public var county: OrganID?
        public var city: OrganID?
        public var supervising: OrganID?
    }

    private struct Seat: Hashable {
        let department: Department
        let divisionCode: String
    }

    private let organs: [OrganID: Organ]
    private let counties: [Seat: Organ]
    private let cities: [Seat: Organ]
    private let stations: [String: [String: OrganID]]

    public init(organs: [Organ]) {
        self.organs = Dictionary(organs.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        func seats(_ level: OrganLevel) -> [Seat: Organ] {
            Dictionary(
                organs.filter { $0.level == level }.map {
                    (Seat(department: $0.department, divisionCode: $0.divisionCode), $0)
                }, uniquingKeysWith: { first, _ in first })
        }
        counties = seats(.county)
        cities = seats(.city)
        var stations: [String: [String: OrganID]] = [:]
        for station in organs where station.level == .station {
            for township in station.townships { stations[station.divisionCode, default: [:]][township] = station.id }
        }
        self.stations = stations
    }

    /// Codes of the divisions a canteen can lie in: those that have a county market-supervision organ.
    public var divisions: [String] {
        counties.keys.filter { $0.department == .marketSupervision }.map(\.divisionCode).sorted()
    }

    /// `440703 蓬江区市场监督管理局、…`, for the message about a wrong code.
    public var divisionsExplained: String {
        let list = divisions.map { code in
            "\(code)（\(counties[Seat(department: .marketSupervision, divisionCode: code)]?.name ?? "")）"
        }
        return list.isEmpty ? "还没有导入机构，请先用 --organs 导入" : list.joined(separator: "、")
    }

    public func isDivision(_ code: String) -> Bool {
        counties[Seat(department: .marketSupervision, divisionCode: code)] != nil
    }

    /// True for a code, known or not, of a city that is loaded: the first four digits name the city.
    public func isInLoadedCity(_ code: String) -> Bool {
        cities.keys.contains { $0.divisionCode.prefix(4) == code.prefix(4) }
    }

    /// Townships of a division that stations cover; empty where no station was loaded.
    public func townships(in division: String) -> [String] {
        (stations[division] ?? [:]).keys.sorted()
    }

    /// True also where no station of the division was loaded: then there is nothing to compare with.
    public func isTownship(_ name: String, in division: String) -> Bool {
        guard let known = stations[division] else { return true }
        return known[name] != nil
    }

    /// Stations by their full names.
    public var stationIDs: [String: OrganID] {
        Dictionary(
            organs.values.filter { $0.level == .station }.map { ($0.name, $0.id) },
            uniquingKeysWith: { first, _ in first })
    }

    public func station(named name: String) -> OrganID? { stationIDs[name] }

    public func organ(named name: String) -> Organ? { organs.values.first { $0.name == name } }

    /// The regulator of the city, where exactly one city is loaded.
    public var cityRegulator: Organ? {
        let regulators = cities.values.filter { $0.department == .marketSupervision }
        return regulators.count == 1 ? regulators[0] : nil
    }

    public func organ(_ id: OrganID) -> Organ? { organs[id] }

    /// A caterer from outside the loaded divisions stands under the one city that is loaded.
    public func assignment(of institution: Institution) -> Assignment {
        guard isDivision(institution.divisionCode) else {
            return Assignment(city: cityRegulator?.id)
        }
        var assignment = assignment(
            division: institution.divisionCode, township: institution.township,
            cityDirect: institution.departmentLevel.map { $0 == .city } ?? institution.cityDirect,
            department: institution.department)
        if institution.departmentLevel == .province { assignment.supervising = nil }
        return assignment
    }

    /// Station by township; county and city organ by division; the supervising bureau is the county's of the stored
    /// department, or the city's for a city-direct school (art 4).
    public func assignment(
        division: String, township: String?, cityDirect: Bool, department: Department
    ) -> Assignment {
        let county = counties[Seat(department: .marketSupervision, divisionCode: division)]
        let city = county?.parentId.flatMap { organs[$0] }
        let bureau: Organ? =
            if cityDirect, let city {
                cities[Seat(department: department, divisionCode: city.divisionCode)]
            } else {
                counties[Seat(department: department, divisionCode: division)]
            }
        return Assignment(
            station: township.flatMap { stations[division]?[$0] }, county: county?.id, city: city?.id,
            supervising: bureau?.id)
    }
}
