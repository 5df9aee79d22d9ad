import Contracts
import Foundation

/// The 45 items of art 7, as versioned data (design card §7.2).
struct Checklist: Codable, Hashable, Sendable {
    enum Observable: String, Codable, Hashable, Sendable {
        case yes, partly, no
    }

    struct Item: Codable, Hashable, Sendable {
        /// `Z3-07`.
        var code: String
        var zone: ZoneCode
        /// Wording of the notice.
        var textZh: String
        var textEn: String
        /// Can a camera show it?
        var observable: Observable
        /// Default severity class, 1 (most serious) … 3.
        var severity: Int
    }

    struct Zone: Codable, Hashable, Sendable {
        var code: ZoneCode
        var nameZh: String
        var nameEn: String
        /// Many canteens have no such zone.
        var optional: Bool
    }

    var version: String
    var source: String
    var zones: [Zone]
    var items: [Item]
    /// Stands outside the 45: what art 9 asks for when the signal is lost.
    var deviceFault: Item

    /// The checklist that is built in.
    static func builtIn() throws -> Checklist {
        try EventJSON.decode(from: PackageResources.checklist_2020_1_json)
    }

    func items(of zone: ZoneCode) -> [Item] { items.filter { $0.zone == zone } }
    func item(_ code: String) -> Item? { items.first { $0.code == code } }
    func zone(_ code: ZoneCode) -> Zone? { zones.first { $0.code == code } }
}
