import Contracts

/// What this service knows about a camera from the registry's events.
struct CameraFacts: Hashable, Sendable {
    let cameraId: CameraID
    let canteenId: CanteenID
    let schoolId: SchoolID
    /// GB/T 28181 channel id: names the camera's folder of segments.
    let gbId: String
    let name: String
    let zone: ZoneCode
    /// 预进间, where staff change: never shown to representatives.
    let isAnteroom: Bool
    var status: CameraStatus
}
