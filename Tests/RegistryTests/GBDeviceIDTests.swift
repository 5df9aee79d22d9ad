import Testing

@testable import RegistryService

struct GBDeviceIDTests {
    @Test(arguments: ["44070300111327000001", "44078400111316000001", "44078400111328000001"])
    func passes(_ text: String) throws {
        #expect(try GBDeviceID(text, column: "c").divisionCode == String(text.prefix(6)))
    }

    @Test(arguments: [
        ("4407030011132700000", FaultCode.gbIdFormat), ("440703001113270000011", .gbIdFormat),
        ("4407030011132700000a", .gbIdFormat), ("4.40703E+19", .gbIdFormat),
        ("44070300111337000001", .gbIdType), ("44070300112007000001", .gbIdType),
        ("44070300111325000001", .gbIdNetwork),
    ])
    func refuses(_ text: String, _ code: FaultCode) {
        #expect { try GBDeviceID(text, column: "c") } throws: { ($0 as? ValueFault)?.code == code }
    }
}
