import Calendar
import Contracts

/// A camera as registered.
public struct Camera: Hashable, Sendable {
    public var id: CameraID
    public var canteenId: CanteenID
    public var schoolId: SchoolID
    public var name: String
    public var zone: ZoneCode
    public var gbId: String
    public var enabledOn: LocalDate
    public var isAnteroom: Bool
    public var status: CameraStatus

    public var registered: CameraRegistered {
        CameraRegistered(
            cameraId: id, canteenId: canteenId, schoolId: schoolId, name: name, zone: zone, gbId: gbId,
            enabledOn: enabledOn, isAnteroom: isAnteroom, status: status)
    }

    public var statusChanged: CameraStatusChanged {
        CameraStatusChanged(
            cameraId: id, canteenId: canteenId, schoolId: schoolId, name: name, zone: zone, gbId: gbId,
            enabledOn: enabledOn, isAnteroom: isAnteroom, status: status)
    }

    /// The camera after a line said something else about it: what it looks at is no longer what was checked, so it goes
    /// back to pending. nil when the line says nothing new.
    func after(_ line: CameraLine) -> Camera? {
        var camera = self
        camera.name = line.name
        camera.zone = line.zone.code
        camera.enabledOn = line.enabledOn
        camera.isAnteroom = line.zone.isAnteroom
        guard camera != self else { return nil }
        camera.status = .pending
        return camera
    }
}
