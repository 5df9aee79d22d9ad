import Contracts

/// Which organ issues a bulletin about a canteen, and which receives it (art 4 and 13).
enum BulletinRouting {
    /// What is known of the registry, looked up by the caller.
    struct Knowledge: Sendable {
        var canteen: Canteen?
        /// Organs by id: finding, county, city, supervising.
        var organs: [OrganID: Organ] = [:]
        /// Organs of the supervising department at the right level in the school's division or city.
        var bureaus: [Organ] = []
    }

    enum Route: Hashable, Sendable {
        case issue(from: Organ, to: Organ)
        case wait(UnroutableReason)
    }

    /// The receiver is the bureau stored for the school (技工院校 → human resources, the rest → education: a stored field,
    /// not derived); a caterer's goes to the city regulator (art 13). The issuer is the county organ, or the city organ
    /// for what the city itself found and for what concerns a caterer.
    static func route(findingOrganId: OrganID?, knowledge: Knowledge) -> Route {
        guard let canteen = knowledge.canteen else { return .wait(.canteenUnknown) }
        let finder = findingOrganId.flatMap { knowledge.organs[$0] }
        let county = canteen.countyOrganId.flatMap { knowledge.organs[$0] }
        let city = canteen.cityOrganId.flatMap { knowledge.organs[$0] }
        guard let issuer = finder?.level == .city ? finder : county ?? city else {
            return .wait(.issuingOrganNotRegistered)
        }
        switch receiver(of: canteen, city: city, knowledge) {
        case .success(let receiver): return .issue(from: issuer, to: receiver)
        case .failure(let missing): return .wait(missing.reason)
        }
    }

    private struct Missing: Error {
        let reason: UnroutableReason
    }

    private static func receiver(
        of canteen: Canteen, city: Organ?, _ knowledge: Knowledge
    ) -> Result<Organ, Missing> {
        if canteen.isCaterer {
            guard let city else { return .failure(Missing(reason: .supervisingOrganNotRegistered)) }
            return .success(city)
        }
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
