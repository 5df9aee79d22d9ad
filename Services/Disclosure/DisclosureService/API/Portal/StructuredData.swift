import ServiceKit

/// schema.org facts of a canteen's page, so that search engines and phones understand it.
enum StructuredData {
    private struct Address: Encodable {
        let type = "PostalAddress"
        let addressRegion = "广东省江门市"
        let addressLocality: String

        enum CodingKeys: String, CodingKey {
            case type = "@type"
            case addressRegion, addressLocality
        }
    }

    private struct Coordinates: Encodable {
        let type = "GeoCoordinates"
        /// WGS-84, as schema.org asks.
        let latitude: Double
        let longitude: Double

        enum CodingKeys: String, CodingKey {
            case type = "@type"
            case latitude, longitude
        }
    }

    private struct Establishment: Encodable {
        let context = "https://schema.org"
        let type = "FoodEstablishment"
        let name: String
        let url: String
        let identifier: String
        let address: Address
        let geo: Coordinates?

        enum CodingKeys: String, CodingKey {
            case context = "@context"
            case type = "@type"
            case name, url, identifier, address, geo
        }
    }

    static func of(_ page: CanteenPage, base: String) throws -> String {
        let summary = page.summary
        let division = Division.named(summary.divisionCode)?.zh ?? summary.divisionCode
        let wgs84 = summary.position?.wgs84
        let place = Establishment(
            name: "\(summary.schoolName) \(summary.name)",
            url: "\(base)/disclosure/canteens/\(summary.canteenId.rawValue)", identifier: page.licence.number,
            address: Address(addressLocality: division + (summary.township ?? "")),
            geo: wgs84.map { Coordinates(latitude: $0.latitude, longitude: $0.longitude) })
        return String(decoding: try PlainJSON.encode(place), as: UTF8.self)
    }
}
