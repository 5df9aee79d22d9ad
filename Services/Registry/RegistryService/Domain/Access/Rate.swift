/// A share that may be unknown: with nothing to count there is no rate, neither 0 nor 100 %.
struct Rate: Hashable, Sendable {
    let value: Double?

    init(_ part: Int, of whole: Int) {
        value = whole > 0 ? Double(part) / Double(whole) : nil
    }

    /// `97.4%`, cut, so that 100 % is only said when nothing is missing; `—` when unknown.
    var text: String {
        guard let value else { return "—" }
        let permille = Int(value * 1_000)
        return permille % 10 == 0 ? "\(permille / 10)%" : "\(permille / 10).\(permille % 10)%"
    }
}

extension AccessTally {
    var connectionRate: Rate { Rate(connected, of: required) }
    var onlineRate: Rate { Rate(camerasOnline, of: camerasInUse) }
    var retentionRate: Rate { Rate(retained, of: retentionKnown) }
    var disclosureRate: Rate { Rate(disclosed, of: operating) }
}
