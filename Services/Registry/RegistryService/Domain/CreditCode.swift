/// Unified social credit code (GB 32100-2015): 18 characters, the last a check over the others; characters 9–17 are the
/// organisation code with a check of its own (GB 11714).
public struct CreditCode: Hashable, Sendable {
    public static let allowed = "18 位，由数字和除 I、O、S、V、Z 以外的大写字母组成，末位为校验码"
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let values: [UInt8?] = {
        var table = [UInt8?](repeating: nil, count: 128)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    public let text: String

    /// Throws the fault that describes what is wrong.
    public init(_ text: String, column: String) throws(ValueFault) {
        let bytes = Array(text.utf8)
        let values = bytes.compactMap { $0 < 128 ? Self.values[Int($0)] : nil }
        guard bytes.count == 18, values.count == 18 else {
            throw ValueFault(.creditCodeFormat, column: column, value: text, allowed: Self.allowed)
        }
        let check = ModCheck.value31(values[..<17])
        guard values[17] == check else {
            let expected = String(decoding: [Self.alphabet[Int(check)]], as: UTF8.self)
            throw ValueFault(
                .creditCodeCheckDigit, column: column, value: text, allowed: "前 17 位对应的校验码是 \(expected)，请对照证书原件核对")
        }
        let organisation = ModCheck.value11(bytes[8..<16].map(Self.organisationValue))
        let written = bytes[16] == UInt8(ascii: "X") ? 10 : Self.organisationValue(bytes[16])
        guard organisation == written else {
            let expected = organisation == 10 ? "X" : String(organisation)
            throw ValueFault(
                .creditCodeCheckDigit, column: column, value: text,
                allowed: "第 9～16 位组织机构代码对应的第 17 位校验码是 \(expected)，请对照证书原件核对")
        }
        self.text = text
    }

    /// GB 11714 counts letters A = 10 … Z = 35, without the gaps of GB 32100.
    private static func organisationValue(_ byte: UInt8) -> UInt8 {
        byte <= 0x39 ? byte - 0x30 : byte - 0x41 + 10
    }
}
