import Testing

@testable import RegistryService

/// Vectors of domain §7.3.
struct LicenceNumberTests {
    @Test(arguments: [
        "JY11108071215650", "JY11105050876919",
        "JY34407030000010", "JY34407040000013", "JY34407050000017", "JY34407810000014", "JY34407830000011",
        "JY34407840000015", "JY34407850000012",
        "JY24407030000015", "JY24407040000012", "JY24407050000016", "JY24407810000013", "JY24407830000019",
        "JY24407840000014", "JY24407850000018",
    ])
    func passes(_ text: String) throws {
        #expect(try LicenceNumber(text, column: "c").text == text)
    }

    @Test func readsFormAndDivision() throws {
        let number = try LicenceNumber("JY34407840000015", column: "c")
        #expect(number.form == 3)
        #expect(number.divisionCode == "440784")
    }

    @Test(arguments: [
        ("JY11105000000001", FaultCode.licenceCheckDigit), ("JY34407830001032", .licenceCheckDigit),
        ("", .licenceFormat), ("JY3440783000103", .licenceFormat), ("JY344078300010399", .licenceFormat),
        ("jy34407840000015", .licenceFormat), ("JY3440784000001X", .licenceFormat),
        ("SC34407840000015", .licenceFormat),
        ("JY３4407840000015", .licenceFormat), ("JY94407840000015", .licenceForm),
    ])
    func refuses(_ text: String, _ code: FaultCode) {
        #expect { try LicenceNumber(text, column: "列") } throws: { error in
            let fault = error as? ValueFault
            return fault?.code == code && fault?.column == "列" && fault?.value == text
                && fault?.allowed.isEmpty == false
        }
    }

    @Test func namesTheRightCheckDigit() {
        #expect { try LicenceNumber("JY34407830001032", column: "c") } throws: { error in
            (error as? ValueFault)?.allowed.contains("9") == true
        }
    }

    /// The check digit catches every wrong single digit.
    @Test func everySingleDigitErrorIsCaught() {
        let right = Array("JY34407840000015".utf8)
        for position in 2..<16 {
            for digit in UInt8(0x30)...0x39 where digit != right[position] {
                var wrong = right
                wrong[position] = digit
                let text = String(decoding: wrong, as: UTF8.self)
                #expect(throws: ValueFault.self, "\(text)") { try LicenceNumber(text, column: "c") }
            }
        }
    }
}
