import Contracts

/// What is known about one canteen when the connection rule is asked.
struct ConnectionFacts: Hashable, Sendable {
    struct Camera: Hashable, Sendable {
        var id: CameraID
        var zone: ZoneCode
        var status: CameraStatus
        /// A person has confirmed a first picture.
        var isChecked: Bool
        /// What the daily proof of recordings says: `met`, `short`, `accumulating`, `unproven`; nil = not computed yet.
        var retention: String?
        /// Share of the last 24 h with a signal, 0…1; nil = not known, which is never OK.
        var signalShare: Double?
    }

    var zones: [ZoneCode]
    /// False before the licence is issued (art 5): then there is nothing that category D1 could show.
    var hasLicence: Bool
    var cameras: [Camera]
    /// nil = the disclosure service has said nothing about this canteen yet.
    var disclosed: [DisclosureCategory]?

    /// Cameras whose required days of recording are proven, and those for which that is decided either way.
    var retained: Int { cameras.count { $0.retention == "met" } }
    var retentionKnown: Int { cameras.count { $0.retention == "met" || $0.retention == "short" } }

    func count(_ status: CameraStatus) -> Int { cameras.count { $0.status == status } }

    /// Cameras that deliver a picture which a person has checked.
    func usable(in zone: ZoneCode) -> [Camera] {
        cameras.filter { $0.zone == zone && $0.status == .active && $0.isChecked }
    }
}
