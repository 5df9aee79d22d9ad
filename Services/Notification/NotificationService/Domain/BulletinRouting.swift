import Contracts

/// Which organ issues an automatic bulletin about a canteen, and which organs receive it (art 4 and 13).
enum BulletinRouting {
    /// What is known of the registry, looked up by the caller.
    struct Knowledge: Sendable {
        var canteen: Canteen?
        /// Organs by id: finding, county, city, station, supervising.
        var organs: [OrganID: Organ] = [:]
        /// Organs of the supervising department at the right level in the school's division or city.
        var bureaus: [Organ] = []
    }

    enum Route: Hashable, Sendable {
        case issue(from: Organ, to: [Organ], copies: [Organ])
        case wait(UnroutableReason)
    }

    /// The issuer is the county organ, or the city organ for what the city itself found. A main receiver that is not
    /// known makes the bulletin wait; a copy that is not known does not hold it up. Nobody gets it twice, and the
    /// issuer no copy of its own.
    static func route(
        findingOrganId: OrganID?, knowledge: Knowledge, to receivers: [BulletinReceiver] = [.supervising],
        copies: [BulletinReceiver] = []
    ) -> Route {
        guard let canteen = knowledge.canteen else { return .wait(.canteenUnknown) }
        let finder = findingOrganId.flatMap { knowledge.organs[$0] }
        let county = canteen.countyOrganId.flatMap { knowledge.organs[$0] }
        let city = canteen.cityOrganId.flatMap { knowledge.organs[$0] }
        guard let issuer = finder?.level == .city ? finder : county ?? city else {
            return .wait(.issuingOrganNotRegistered)
        }
        var mains: [Organ] = []
        for receiver in receivers {
            switch organ(receiver, of: canteen, knowledge) {
            case .success(let organ): if !mains.contains(organ) { mains.append(organ) }
            case .failure(let missing): return .wait(missing.reason)
            }
        }
        var informed: [Organ] = []
        for copy in copies {
            if case .success(let organ) = organ(copy, of: canteen, knowledge), organ != issuer,
                !mains.contains(organ), !informed.contains(organ)
            {
                informed.append(organ)
            }
        }
        return .issue(from: issuer, to: mains, copies: informed)
    }

    private struct Missing: Error {
        let reason: UnroutableReason
    }

    private static func organ(
        _ receiver: BulletinReceiver, of canteen: Canteen, _ knowledge: Knowledge
    ) -> Result<Organ, Missing> {
        switch receiver {
        case .supervising: supervisor(of: canteen, knowledge)
        case .city: known(canteen.cityOrganId, knowledge)
        case .county: known(canteen.countyOrganId, knowledge)
        case .station: known(canteen.stationOrganId, knowledge)
        }
    }

    private static func known(_ id: OrganID?, _ knowledge: Knowledge) -> Result<Organ, Missing> {
        guard let organ = id.flatMap({ knowledge.organs[$0] }) else {
            return .failure(Missing(reason: .supervisingOrganNotRegistered))
        }
        return .success(organ)
    }

    /// The bureau stored for the school (技工院校 → human resources, the rest → education: a stored field, not derived);
    /// a caterer's is the city regulator (art 13).
    private static func supervisor(of canteen: Canteen, _ knowledge: Knowledge) -> Result<Organ, Missing> {
        if canteen.isCaterer { return known(canteen.cityOrganId, knowledge) }
        if let named = canteen.supervisingOrganId {
            guard let organ = knowledge.organs[named] else {
                return .failure(Missing(reason: .supervisingOrganNotRegistered))
            }
            guard organ.department == canteen.supervisingDepartment else {
                return .failure(Missing(reason: .departmentMismatch))
            }
            return .success(organ)
        }
        // No organ stored: the one bureau of the stored department at the school's own level.
        let level: OrganLevel = canteen.cityDirect ? .city : .county
        let division = canteen.cityDirect ? String(canteen.divisionCode.prefix(4)) + "00" : canteen.divisionCode
        let fitting = knowledge.bureaus.filter {
            $0.department == canteen.supervisingDepartment && $0.level == level && $0.divisionCode == division
        }
        guard let bureau = fitting.first, fitting.count == 1 else {
            return .failure(Missing(reason: .supervisingOrganUnknown))
        }
        return .success(bureau)
    }
}
