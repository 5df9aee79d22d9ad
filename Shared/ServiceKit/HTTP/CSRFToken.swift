import Synchronization

/// The double-submit token of one request: the browser's own, or a new one that is made when a page first needs it. Most
/// requests need none, and randomness is a system call.
final class CSRFToken: Sendable {
    private let value: Mutex<String?>

    init(_ known: String? = nil) { value = Mutex(known) }

    var text: String {
        value.withLock { value in
            if let value { return value }
            let new = RandomToken.text()
            value = new
            return new
        }
    }
}
