import Contracts
import Journal
import Postgres

extension Subscription {
    static let camerasRegistered = Subscription.on(CameraRegistered.self) { received, transaction in
        let camera = received.event
        try await transaction.execute(
            """
            INSERT INTO camera (camera_id, canteen_id, school_id, name, zone, gb_id, is_anteroom, status)
            VALUES (\(camera.cameraId), \(camera.canteenId), \(camera.schoolId), \(camera.name), \(camera.zone),
                \(camera.gbId), \(camera.isAnteroom), \(camera.status))
            ON CONFLICT (camera_id) DO UPDATE SET canteen_id = excluded.canteen_id, school_id = excluded.school_id,
                name = excluded.name, zone = excluded.zone, gb_id = excluded.gb_id,
                is_anteroom = excluded.is_anteroom, status = excluded.status
            """)
    }

    static let camerasChanged = Subscription.on(CameraStatusChanged.self) { received, transaction in
        let camera = received.event
        try await transaction.execute(
            """
            INSERT INTO camera (camera_id, canteen_id, school_id, name, zone, gb_id, is_anteroom, status)
            VALUES (\(camera.cameraId), \(camera.canteenId), \(camera.schoolId), \(camera.name), \(camera.zone),
                \(camera.gbId), \(camera.isAnteroom), \(camera.status))
            ON CONFLICT (camera_id) DO UPDATE SET name = excluded.name, zone = excluded.zone, gb_id = excluded.gb_id,
                is_anteroom = excluded.is_anteroom, status = excluded.status
            """)
    }
}
