import Calendar
import Contracts

/// A camera in the JSON interface. Never a stream address: video is opened through a ticket.
struct CameraDocument: Encodable, Sendable {
    let cameraId: CameraID
    let canteenId: CanteenID
    let schoolId: SchoolID
    let name: String
    let zone: ZoneCode
    let gbId: String
    let enabledOn: LocalDate
    let isAnteroom: Bool
    let status: CameraStatus

    init(_ camera: Camera) {
        cameraId = camera.id
        canteenId = camera.canteenId
        schoolId = camera.schoolId
        name = camera.name
        zone = camera.zone
        gbId = camera.gbId
        enabledOn = camera.enabledOn
        isAnteroom = camera.isAnteroom
        status = camera.status
    }
}
