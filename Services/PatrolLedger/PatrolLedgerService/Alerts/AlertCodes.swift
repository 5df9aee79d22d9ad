import Contracts

/// 告警代码表: our own codes, and what the codes of each vendor and version mean in them. Data, not code.
struct AlertCodes: Codable, Hashable, Sendable {
    /// What a code names. Mixing the two would turn the meaning of “confirmed” round.
    enum Kind: String, Codable, Hashable, Sendable {
        /// Confirmed = the rule was broken.
        case violation
        /// Confirmed = it was really there; whether a rule was broken is said by the item and its description.
        case phenomenon
    }

    struct Code: Codable, Hashable, Sendable {
        var code: String
        /// nil in tables of before version 2: a violation.
        var names: Kind?
        var textZh: String
        var textEn: String
        /// Class 1 (most serious) … 3.
        var severity: Int
        /// The same thing at the same place within so long is the same alert.
        var coolDownMinutes: Int
        /// Checklist item by zone of the camera; `*` = every other zone.
        var items: [String: String]
    }

    struct Mapping: Codable, Hashable, Sendable {
        var vendor: String
        /// `*` = versions that have no mapping of their own.
        var versions: [String]
        var codes: [String: String]
        /// Codes that say that all is in order (a cap is worn): counted as `not_an_alert`, nothing more.
        var nothing: [String]?
    }

    /// 温度规则: what range a kind of store must keep, and for how long it may be out of it.
    struct Temperature: Codable, Hashable, Sendable {
        var kind: String
        /// Degrees Celsius, inclusive.
        var minimum: Double?
        var maximum: Double?
        /// Exclusive lower bound (高于60℃).
        var above: Double?
        var minutes: Int
        var code: String
        var zone: ZoneCode

        func allows(_ celsius: Double) -> Bool {
            (minimum.map { celsius >= $0 } ?? true) && (maximum.map { celsius <= $0 } ?? true)
                && (above.map { celsius > $0 } ?? true)
        }
    }

    /// Cool-down of codes that are not in the table.
    static let unknownCoolDownMinutes = 60

    var version: String
    var codes: [Code]
    var vendors: [Mapping]
    var temperatures: [Temperature]

    static func builtIn() throws -> AlertCodes { try EventJSON.decode(from: PackageResources.alert_codes_2_json) }

    func code(_ name: String) -> Code? { codes.first { $0.code == name } }

    /// nil: unknown. The alert is kept all the same, for a person to look at.
    func code(vendor: String, version: String, vendorCode: String) -> Code? {
        mapping(vendor, version)?.codes[vendorCode].flatMap { code($0) }
    }

    /// The vendor says that nothing is wrong.
    func isNothing(vendor: String, version: String, vendorCode: String) -> Bool {
        mapping(vendor, version)?.nothing?.contains(vendorCode) ?? false
    }

    private func mapping(_ vendor: String, _ version: String) -> Mapping? {
        let own = vendors.filter { $0.vendor == vendor }
        return own.first { $0.versions.contains(version) } ?? own.first { $0.versions.contains("*") }
    }

    func temperature(_ kind: String) -> Temperature? { temperatures.first { $0.kind == kind } }

    /// The first thing that is wrong with the table; nil = none.
    func fault(_ checklist: Checklist) -> String? {
        for code in codes {
            guard (1...3).contains(code.severity) else { return "severity of \(code.code)" }
            guard (1...1440).contains(code.coolDownMinutes) else { return "cool_down_minutes of \(code.code)" }
            guard code.items["*"] != nil else { return "items of \(code.code) without *" }
            for item in code.items.values where checklist.item(item) == nil { return "item \(item) of \(code.code)" }
        }
        for mapping in vendors {
            for own in mapping.codes.values where code(own) == nil { return "code \(own) of \(mapping.vendor)" }
        }
        for rule in temperatures {
            guard code(rule.code) != nil, (0...1440).contains(rule.minutes),
                [rule.minimum, rule.maximum, rule.above].contains(where: { $0 != nil })
            else { return "temperature rule \(rule.kind)" }
        }
        return nil
    }
}

extension AlertCodes.Code {
    func item(in zone: ZoneCode) -> String? { items[zone.rawValue] ?? items["*"] }
}
