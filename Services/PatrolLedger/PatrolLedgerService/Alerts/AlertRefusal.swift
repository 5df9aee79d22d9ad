/// Why something that a vendor sent was not taken.
enum AlertRefusal: String, Codable, Hashable, CaseIterable, Sendable {
    /// More than 900 KiB, 500 alerts or 2,000 readings.
    case oversized
    /// Not JSON of the contract's shape.
    case undecodable
    /// Another version of the contract.
    case version
    /// A vendor that is not in `ALERT_VENDORS`.
    case unknownVendor = "unknown_vendor"
    /// A camera or licence that is registered nowhere.
    case unknownSource = "unknown_source"
    /// A canteen outside the vendor's divisions.
    case wrongDivision = "wrong_division"
    /// A time without offset, more than five minutes ahead, or older than 8 days.
    case time
    /// A kind of store that no temperature rule knows, or a temperature outside −60…150 °C.
    case reading
    /// A code that by the vendor's own meaning says that all is in order.
    case notAnAlert = "not_an_alert"
    /// A picture that is none (JPEG or PNG in base64) or larger than 512 KiB, or a clip of impossible times; the alert itself
    /// is taken.
    case picture
}
