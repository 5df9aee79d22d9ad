import Contracts

/// One part of the connection rule that is not met; its code is part of the interface.
enum UnmetPart: Hashable, Sendable {
    /// A declared zone group without an active camera.
    case zone(ZoneCode)
    /// Cameras whose first picture nobody has checked yet, or that were sent back.
    case firstFrame
    /// A zone whose best camera had too little signal in the last 24 h, or for which the share is not known.
    case signal(ZoneCode)
    /// A disclosure category with nothing published.
    case disclosure(DisclosureCategory)
    /// The county officer's word; last of all.
    case confirmation

    var code: String {
        switch self {
        case .zone(let zone): "zone:\(zone.rawValue)"
        case .firstFrame: "first_frame"
        case .signal(let zone): "signal:\(zone.rawValue)"
        case .disclosure(let category): "disclosure:\(category.rawValue)"
        case .confirmation: "confirmation"
        }
    }

    /// nil for a code of another version.
    init?(code: String) {
        let parts = code.split(separator: ":", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count > 1 ? parts[1] : nil) {
        case ("zone", let value?):
            guard let zone = ZoneCode(rawValue: value) else { return nil }
            self = .zone(zone)
        case ("signal", let value?):
            guard let zone = ZoneCode(rawValue: value) else { return nil }
            self = .signal(zone)
        case ("disclosure", let value?):
            guard let category = DisclosureCategory(rawValue: value) else { return nil }
            self = .disclosure(category)
        case ("first_frame", nil): self = .firstFrame
        case ("confirmation", nil): self = .confirmation
        default: return nil
        }
    }
}
