import Contracts
import Postgres

extension ViewGrant {
    init(row: Row) throws {
        let cameras: [String] = try row["camera_ids"]
        self.init(
            grantId: try row["grant_id"], representativeId: try row["representative_id"],
            schoolId: try row["school_id"], cameraIds: Set(cameras.map { .init($0) }),
            zones: Set(try row["zones"] as [ZoneCode]),
            schedule: WeekSchedule(windows: try row.json("windows")), validFrom: try row["valid_from"],
            validTo: try row["valid_to"], revokedAt: try row["revoked_at"])
    }
}
