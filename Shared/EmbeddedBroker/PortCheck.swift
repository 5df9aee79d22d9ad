import ArgumentParser
import Foundation

/// librdkafka aborts the process when the mock cannot listen, so a port that is taken is found out first.
enum PortCheck {
    static func requireFree(_ ports: Range<UInt16>) throws {
        for port in ports {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw fault(port) }
            defer { close(descriptor) }
            var one: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard isBound == 0, listen(descriptor, 1) == 0 else { throw fault(port) }
        }
    }

    private static func fault(_ port: UInt16) -> ValidationError {
        ValidationError("cannot listen on 127.0.0.1:\(port): \(String(cString: strerror(errno)))")
    }
}
