/// The read surface of a service's journal (C2SP tlog-tiles): the relay's in production.
public protocol TransparencyLog: Sendable {
    /// The latest signed checkpoint; nil before the first.
    func checkpoint() async throws -> String?
    /// The tile at a tlog-tiles path (`tile/0/000`, `tile/entries/000`); nil when there is none.
    func tile(_ path: String) async throws -> [UInt8]?
}
