/// Which addresses the product may open a connection to: by default only globally reachable unicast ones, so that a URL
/// given by an outsider cannot reach this machine, its neighbours or a cloud's metadata service (SSRF).
///
/// The check runs on the address that is about to be connected to, after name resolution: a name that changes its
/// answer (DNS rebinding) gains nothing.
public struct AddressPolicy: Sendable {
    /// Ranges that are allowed although they are not public; for the local stack and for private integrations.
    public let allowedSubnets: [Subnet]

    public init(allowedSubnets: [Subnet] = []) {
        self.allowedSubnets = allowedSubnets
    }

    public static let publicOnly = AddressPolicy()
    /// The local stack: this machine, besides the public addresses.
    public static let loopbackAllowed = AddressPolicy(
        allowedSubnets: ["127.0.0.0/8", "::1/128"].compactMap { Subnet($0) })

    public func allows(_ address: IPAddress) -> Bool {
        if allowedSubnets.contains(where: { $0.contains(address) }) { return true }
        if let mapped = address.mappedIPv4 {
            // Never needed on the public internet: only an explicitly allowed range is reached in this disguise.
            return allowedSubnets.contains { $0.contains(mapped) }
        }
        if address.isIPv4 { return !Self.blockedIPv4.contains { $0.contains(address) } }
        return Self.globalIPv6.contains(address) && !Self.blockedIPv6.contains { $0.contains(address) }
    }

    // Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates).
    private static let blockedIPv4 = subnets([
        "0.0.0.0/8",  // this network
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // shared (CGNAT); holds 100.100.100.200, a cloud's metadata
        "127.0.0.0/8",  // loopback
        "168.63.129.16/32",  // a cloud's host agent
        "169.254.0.0/16",  // link-local; holds 169.254.169.254, metadata
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments; holds 192.0.0.192, metadata
        "192.0.2.0/24",  // documentation
        "192.88.99.0/24",  // 6to4 relay
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // benchmarking
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, broadcast
    ])
    /// Everything that is globally routed today; loopback, unique local (metadata `fd00:ec2::254`), link-local,
    /// multicast, NAT64 and mapped addresses lie outside.
    private static let globalIPv6 = Subnet("2000::/3") ?? Subnet(unreachable: ())
    private static let blockedIPv6 = subnets([
        "2001::/23",  // protocol assignments: Teredo, ORCHID
        "2001:db8::/32",  // documentation
        "2002::/16",  // 6to4: carries any IPv4 address
        "3fff::/20",  // documentation
    ])

    private static func subnets(_ texts: [String]) -> [Subnet] {
        texts.compactMap { Subnet($0) }
    }
}

extension Subnet {
    /// A range that holds nothing but `::`; what a misspelt constant above would become, so that it closes, not opens.
    fileprivate init(unreachable: Void) {
        network = IPAddress(bytes: [UInt8](repeating: 0, count: 16))
        prefix = 128
    }
}
