import Contracts
import Postgres

/// Looks up what routing needs to know.
enum BulletinKnowledge {
    static func about(
        _ id: CanteenID, finder: OrganID?, _ executor: some PostgresExecutor
    ) async throws -> BulletinRouting.Knowledge {
        guard let canteen = try await RegistryStore.canteen(id, executor) else {
            return BulletinRouting.Knowledge()
        }
        let ids = [
            finder, canteen.countyOrganId, canteen.cityOrganId, canteen.stationOrganId, canteen.supervisingOrganId,
        ].compactMap { $0 }
        return BulletinRouting.Knowledge(
            canteen: canteen, organs: try await RegistryStore.organs(ids, executor),
            bureaus: try await RegistryStore.bureaus(
                canteen.supervisingDepartment, division: canteen.divisionCode, executor))
    }
}
