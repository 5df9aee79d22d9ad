import Testing

@testable import RegistryService

/// Vectors of domain §7.3.
struct CreditCodeTests {
    @Test(arguments: [
        "914403001922038216", "9144030071526726XG", "91330100799655058B", "12440703000000019G", "124407850000000199",
        "914407039000000067", "1244078370000001XR",
    ])
    func passes(_ text: String) throws {
        #expect(try CreditCode(text, column: "c").text == text)
    }

    @Test(arguments: [
        ("911101083103521997", FaultCode.creditCodeCheckDigit), ("91350100M000100Y4Z", .creditCodeFormat),
        ("", .creditCodeFormat), ("91440300192203821", .creditCodeFormat), ("9144030019220382161", .creditCodeFormat),
        ("91440300192203821I", .creditCodeFormat), ("91440300192203821g", .creditCodeFormat),
    ])
    func refuses(_ text: String, _ code: FaultCode) {
        #expect { try CreditCode(text, column: "c") } throws: { ($0 as? ValueFault)?.code == code }
    }

    /// The published wrong codes and what their check character should be.
    @Test func namesTheRightCheckCharacter() {
        #expect { try CreditCode("911101083103521997", column: "c") } throws: { error in
            (error as? ValueFault)?.allowed.contains("校验码是 3") == true
        }
    }
}
