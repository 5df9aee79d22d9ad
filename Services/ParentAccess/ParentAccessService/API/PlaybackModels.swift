import Calendar
import Contracts
import ServiceKit

struct PlaybackCameraModel: Sendable {
    let id: String
    let name: String
    let day: String
    let stretches: [String]
    let hasStretches: Bool
    let fields: [FormField]
}

struct PlaybackModel: Sendable {
    let camera: PlaybackCameraModel?
    let wanted: String
    /// A school's own cameras are listed; an officer searches.
    let isSchool: Bool
    let cameras: [CanteenLink]
    let isCut: Bool
    let fault: String?
}

struct ExportRow: Sendable {
    let number: String
    let camera: String
    let span: String
    let state: String
    let until: String
    let left: String
    let fault: String?
    let path: String?
}

struct ExportsModel: Sendable {
    let rows: [ExportRow]
    let hasRows: Bool
    let approvalsPath: String
    let pager: Pager?
}

struct RecordingsAnswer: Encodable, Sendable {
    struct Stretch: Encodable, Sendable {
        let from: Instant
        let to: Instant
    }
    let cameraId: CameraID
    let day: LocalDate
    let stretches: [Stretch]
}
