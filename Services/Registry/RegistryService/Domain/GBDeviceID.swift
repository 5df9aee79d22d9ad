/// A GB/T 28181 device or channel id: 20 digits, of which 1–6 name the division, 11–13 the type, 14 the network.
public struct GBDeviceID: Hashable, Sendable {
    /// Types of a camera: 131 camera, 132 network camera.
    public static let cameraTypes: Set<String> = ["131", "132"]
    /// Network identifiers that cameras of a city's kitchens carry (domain §7.3).
    public static let networks: Set<Character> = ["6", "7", "8"]

    public let text: String
    public let divisionCode: String

    /// Checks form, type and network. That the division is the canteen's is checked where the canteen is known.
    public init(_ text: String, column: String) throws(ValueFault) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ValueFault(
                .gbIdFormat, column: column, value: text, allowed: "20 位数字（GB/T 28181）：8 位中心编码、2 位行业、3 位类型、1 位网络、6 位序号")
        }
        let type = String(decoding: bytes[10..<13], as: UTF8.self)
        guard Self.cameraTypes.contains(type) else {
            throw ValueFault(.gbIdType, column: column, value: text, allowed: "第 11～13 位为 131（摄像机）或 132（网络摄像机）")
        }
        guard Self.networks.contains(Character(Unicode.Scalar(bytes[13]))) else {
            throw ValueFault(.gbIdNetwork, column: column, value: text, allowed: "第 14 位为 6、7 或 8")
        }
        self.text = text
        divisionCode = String(decoding: bytes[..<6], as: UTF8.self)
    }
}
