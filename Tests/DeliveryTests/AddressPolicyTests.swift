import Testing

@testable import Delivery

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1",
        "239.255.255.255", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "2001::1",
    ])
    func addressesThatAreNotPublicAreForbidden(_ text: String) throws {
        #expect(!AddressPolicy.publicOnly.allows(try #require(IPAddress(text))))
    }

    @Test(arguments: [
        "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "223.255.255.255", "2400:3200::1", "2606:4700::1111",
    ])
    func publicAddressesAreAllowed(_ text: String) throws {
        #expect(AddressPolicy.publicOnly.allows(try #require(IPAddress(text))))
    }

    @Test func anAllowedRangeOpensItselfAndNothingElse() throws {
        let policy = AddressPolicy(allowedSubnets: [try #require(Subnet("10.20.0.0/14"))])
        #expect(policy.allows(try #require(IPAddress("10.23.255.255"))))
        #expect(policy.allows(try #require(IPAddress("::ffff:10.20.0.1"))))
        #expect(!policy.allows(try #require(IPAddress("10.24.0.0"))))
        #expect(!policy.allows(try #require(IPAddress("127.0.0.1"))))
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "x", "::1/129", "10.0.0.0/8/8", "010.0.0.1", "127.1"])
    func malformedRangesAreRefused(_ text: String) {
        #expect(Subnet(text) == nil)
    }
}
