import Contracts

/// When is a canteen connected? (domain §6 art 5): an active, checked camera in every zone group it declares, enough
/// signal in each, all nine disclosure categories (before the licence is issued: eight, D1 being the licence), and the county officer's confirmation.
struct ConnectionRule: Sendable {
    let rule: AccessRule

    /// In the order in which a school deals with them. Never empty: the confirmation is left to a person.
    func unmet(_ facts: ConnectionFacts) -> [UnmetPart] {
        var parts: [UnmetPart] = []
        for zone in facts.zones where facts.usable(in: zone).isEmpty { parts.append(.zone(zone)) }
        if facts.cameras.contains(where: { $0.status == .pending }) { parts.append(.firstFrame) }
        for zone in facts.zones {
            let usable = facts.usable(in: zone)
            guard !usable.isEmpty else { continue }
            let best = usable.compactMap(\.signalShare).max()
            if best ?? -1 < rule.minimumSignalShare { parts.append(.signal(zone)) }
        }
        let disclosed = Set(facts.disclosed ?? [])
        parts += DisclosureCategory.allCases
            .filter { !disclosed.contains($0) && (facts.hasLicence || $0 != .d1) }.map { .disclosure($0) }
        parts.append(.confirmation)
        return parts
    }
}
