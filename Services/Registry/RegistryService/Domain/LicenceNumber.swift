/// A food-business licence number: `JY` + 14 digits = 1 form + 6 division + 6 sequence + 1 check (GB/T 17710 MOD 11,10).
///
/// A right check digit says nothing about existence: that a licence is real is confirmed by a person.
public struct LicenceNumber: Hashable, Sendable {
    /// Main business form, the digit after `JY`: 1 sales, 2 catering, 3 unit canteen.
    public static let forms: ClosedRange<UInt8> = 1...3
    /// A 集体用餐配送单位 holds a catering licence (art 13).
    public static let catererForm: UInt8 = 2
    public static let allowed = "JY 加 14 位数字：1 位主体业态（1 销售、2 餐饮、3 单位食堂）、6 位区划、6 位顺序号、1 位校验码"

    public let text: String
    public let form: UInt8
    /// Six-digit division that issued it.
    public let divisionCode: String

    /// Throws the fault that describes what is wrong.
    public init(_ text: String, column: String) throws(ValueFault) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[0] == UInt8(ascii: "J"), bytes[1] == UInt8(ascii: "Y"),
            bytes[2...].allSatisfy({ (0x30...0x39).contains($0) })
        else { throw ValueFault(.licenceFormat, column: column, value: text, allowed: Self.allowed) }
        let digits = bytes[2...].map { $0 - 0x30 }
        guard Self.forms.contains(digits[0]) else {
            throw ValueFault(.licenceForm, column: column, value: text, allowed: Self.allowed)
        }
        let check = ModCheck.digit11x10(digits[..<13])
        guard digits[13] == check else {
            throw ValueFault(
                .licenceCheckDigit, column: column, value: text, allowed: "前 13 位数字对应的校验码是 \(check)，请对照许可证原件核对")
        }
        self.text = text
        form = digits[0]
        divisionCode = String(decoding: bytes[3..<9], as: UTF8.self)
    }
}
