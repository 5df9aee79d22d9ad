import Calendar
import Contracts

/// One thing that a machine reports, from a camera's picture or from a sensor's temperature rule.
struct AlertSignal: Hashable, Sendable {
    var vendor: String
    var productVersion: String
    /// The vendor's own id.
    var id: String
    var vendorCode: String
    /// nil: not in the code table.
    var code: AlertCodes.Code?
    var canteen: CanteenRecord
    var cameraId: CameraID?
    var sensor: String?
    var zone: ZoneCode
    var at: Instant
    var confidence: Double?
    var celsius: Double?
    var picture: AlertPicture?
    var clip: AlertReport.Clip?

    var coolDown: Duration {
        .seconds((code?.coolDownMinutes ?? AlertCodes.unknownCoolDownMinutes) * 60)
    }

    /// Alerts with the same key within the cool-down are one.
    var key: String {
        "\(vendor)\n\(canteen.canteenId)\n\(cameraId?.rawValue ?? sensor ?? "")\n\(code?.code ?? "?\(vendorCode)")"
    }
}
