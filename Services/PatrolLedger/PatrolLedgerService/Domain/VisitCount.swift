import Contracts

/// When a canteen counts in a patrol: at least one zone really viewed AND the checklist of that zone submitted.
struct VisitCount: Hashable, Sendable {
    struct Zone: Hashable, Sendable {
        var zone: ZoneCode
        var viewedSeconds: Int
        var isSubmitted: Bool
    }

    var canteenId: CanteenID
    var zones: [Zone]
    /// Every camera of the canteen is without signal: a device fault is raised and the canteen does not count.
    var isDark: Bool

    func counts(minimumViewSeconds: Int) -> Bool {
        !isDark && zones.contains { $0.isSubmitted && $0.viewedSeconds >= minimumViewSeconds }
    }

    /// Distinct canteens that count; the same canteen twice counts once.
    static func distinct(_ visits: [VisitCount], minimumViewSeconds: Int) -> [CanteenID] {
        var seen: Set<CanteenID> = []
        return visits.filter { $0.counts(minimumViewSeconds: minimumViewSeconds) && seen.insert($0.canteenId).inserted }
            .map(\.canteenId)
    }
}
