import Calendar
import Contracts

/// Decides what belongs together: cameras lost at about the same time are one incident (wvp #2025), not eight alerts.
public struct OutageGrouping: Sendable {
    /// A camera without pictures that no fault and no incident accounts for yet.
    public struct Lost: Hashable, Sendable {
        public let camera: CameraID
        public let canteen: CanteenID
        public let division: String
        /// Microseconds since 1970.
        public let since: Int64
        /// Lost for long enough to be reported; the others only go along with these.
        public let isDue: Bool

        public init(camera: CameraID, canteen: CanteenID, division: String, since: Int64, isDue: Bool) {
            self.camera = camera
            self.canteen = canteen
            self.division = division
            self.since = since
            self.isDue = isDue
        }
    }

    public enum Group: Hashable, Sendable {
        case single(Lost)
        case canteen([Lost])
        case division([Lost])
    }

    let rules: SignalRules

    public init(rules: SignalRules) { self.rules = rules }

    /// - Parameter cameras: number of cameras in use of each canteen, so that a canteen with two of two lost is one.
    public func groups(_ lost: [Lost], cameras: [CanteenID: Int]) -> [Group] {
        var groups: [Group] = []
        for division in Dictionary(grouping: lost, by: \.division).sorted(by: { $0.key < $1.key }).map(\.value) {
            for cluster in clusters(division) where cluster.contains(where: \.isDue) {
                if Set(cluster.map(\.canteen)).count >= rules.divisionIncident {
                    groups.append(.division(cluster))
                } else {
                    groups += perCanteen(cluster, cameras)
                }
            }
        }
        return groups
    }

    private func perCanteen(_ cluster: [Lost], _ cameras: [CanteenID: Int]) -> [Group] {
        Dictionary(grouping: cluster, by: \.canteen).sorted { $0.key.rawValue < $1.key.rawValue }.flatMap {
            canteen, members -> [Group] in
            guard members.contains(where: \.isDue) else { return [] }
            let all = cameras[canteen] ?? 0
            let isWhole = members.count >= 2 && members.count == all
            if members.count >= rules.canteenIncident || isWhole { return [.canteen(members)] }
            return members.filter(\.isDue).map { .single($0) }
        }
    }

    /// Runs of losses of which each follows the one before within `together`.
    private func clusters(_ lost: [Lost]) -> [[Lost]] {
        var clusters: [[Lost]] = []
        for member in lost.sorted(by: { ($0.since, $0.camera.rawValue) < ($1.since, $1.camera.rawValue) }) {
            if let last = clusters.last?.last, member.since - last.since <= rules.together.microseconds {
                clusters[clusters.count - 1].append(member)
            } else {
                clusters.append([member])
            }
        }
        return clusters
    }
}
