import Foundation

/// The mock cluster leaves Nagle's algorithm on, which costs 40 ms an answer. Accepted connections inherit the option
/// from their listener, so the listeners of this process are looked up and set.
enum ListenerSockets {
    static func disableNagle(ports: Set<UInt16>) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") } catch { return }
        for descriptor in names.compactMap({ Int32($0) }) where isListener(descriptor, on: ports) {
            var one: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private static func isListener(_ descriptor: Int32, on ports: Set<UInt16>) -> Bool {
        var accepts: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0, accepts == 1 else {
            return false
        }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return isKnown == 0 && ports.contains(UInt16(bigEndian: address.sin_port))
    }
}
