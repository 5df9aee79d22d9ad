import Contracts
import Journal
import Postgres

/// What both events about a camera carry.
protocol CameraFacts {
    var cameraId: CameraID { get }
    var canteenId: CanteenID { get }
    var schoolId: SchoolID { get }
    var name: String { get }
    var zone: ZoneCode { get }
    var gbId: String { get }
    var isAnteroom: Bool { get }
    var status: CameraStatus { get }
}

extension CameraRegistered: CameraFacts {}
extension CameraStatusChanged: CameraFacts {}

extension CameraFacts {
    /// The camera as it is after the event.
    var upsert: SQL {
        """
        INSERT INTO camera (camera_id, canteen_id, school_id, name, zone, gb_id, is_anteroom, status)
        VALUES (\(cameraId), \(canteenId), \(schoolId), \(name), \(zone), \(gbId), \(isAnteroom), \(status))
        ON CONFLICT (camera_id) DO UPDATE SET canteen_id = excluded.canteen_id, school_id = excluded.school_id,
            name = excluded.name, zone = excluded.zone, gb_id = excluded.gb_id, is_anteroom = excluded.is_anteroom,
            status = excluded.status
        """
    }
}

extension Subscription {
    static let camerasRegistered = Subscription.on(CameraRegistered.self) { received, transaction in
        try await transaction.execute(received.event.upsert)
    }

    static let camerasChanged = Subscription.on(CameraStatusChanged.self) { received, transaction in
        try await transaction.execute(received.event.upsert)
    }
}
