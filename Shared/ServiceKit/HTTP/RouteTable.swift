import HTTPTypes
import Synchronization

/// All declared routes of a service, for enumeration and for the `Allow` header.
public final class RouteTable: Sendable {
    private let declared = Mutex<[DeclaredRoute]>([])

    public init() {}

    public var routes: [DeclaredRoute] { declared.withLock { $0 } }

    func add(_ route: DeclaredRoute) {
        declared.withLock { $0.append(route) }
    }

    /// Methods that exist for this path; empty when the path does not exist.
    func methods(at path: String) -> [String] {
        var methods = Set(routes.filter { $0.matches(path) }.map(\.method.rawValue))
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted()
    }
}
