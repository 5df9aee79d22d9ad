import Foundation

/// Asks the system's resolver, so that an address that may not be called is refused when somebody names it, not only
/// when it is called. It does not replace the check at the connection: a name may answer otherwise a minute later.
public enum NameResolution {
    /// All addresses of the host. Throws `nameNotResolved`.
    public static func addresses(of host: String) async throws -> [IPAddress] {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        if let literal = IPAddress(bare) { return [literal] }
        return try await withCheckedThrowingContinuation { continuation in
            // getaddrinfo blocks: on a thread of its own, never on the pool of tasks.
            Thread.detachNewThread { continuation.resume(with: Result { try resolve(bare) }) }
        }
    }

    private static func resolve(_ host: String) throws -> [IPAddress] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &first) == 0 else {
            throw DeliveryError(.nameNotResolved, "\(host) has no address")
        }
        defer { freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let entry = next {
            if let address = entry.pointee.ai_addr,
                let ip = IPAddress(UnsafePointer(address), length: Int(entry.pointee.ai_addrlen)),
                !addresses.contains(ip)
            {
                addresses.append(ip)
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw DeliveryError(.nameNotResolved, "\(host) has no address") }
        return addresses
    }
}
