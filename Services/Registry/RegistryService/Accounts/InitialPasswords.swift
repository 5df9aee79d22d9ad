import Access
import Foundation
import Glibc
import ServiceKit
import Synchronization

/// Random first passwords of new accounts. They leave the process only through `write(to:)`, never through a log.
final class InitialPasswords: Sendable {
    struct Entry {
        let login: String
        let password: String
        let role: String
        /// base32; demo accounts only.
        let codeSecret: String?
    }

    private let entries = Mutex<[Entry]>([])
    let hasher: PasswordHasher

    /// Accounts of a demo: their passwords stay good, and their authenticators are set up already, so that a stranger
    /// can sign in. Never outside `MODE=local`.
    let isDemo: Bool

    init(hasher: PasswordHasher, isDemo: Bool = false) {
        self.hasher = hasher
        self.isDemo = isDemo
    }

    /// 16 characters without look-alikes (0 O 1 l I), about 92 bits.
    static func random() -> String {
        let alphabet = Array("23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ")
        var generator = SystemRandomNumberGenerator()
        return String((0..<16).compactMap { _ in alphabet.randomElement(using: &generator) })
    }

    func note(login: String, password: String, role: String, codeSecret: String? = nil) {
        entries.withLock {
            $0.append(Entry(login: login, password: password, role: role, codeSecret: codeSecret))
        }
    }

    var isEmpty: Bool { entries.withLock { $0.isEmpty } }

    /// Appends `login TAB password TAB role` lines (demo accounts: `TAB secret of the codes` besides) to a file that only its owner can read.
    func write(to path: String) throws {
        let lines = entries.withLock {
            $0.map { entry in
                let secret = entry.codeSecret.map { "\t" + $0 } ?? ""
                return "\(entry.login)\t\(entry.password)\t\(entry.role)\(secret)\n"
            }.joined()
        }
        guard !lines.isEmpty else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PasswordFileError(path: path, code: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard fchmod(descriptor, 0o600) == 0 else { throw PasswordFileError(path: path, code: errno) }
        try handle.write(contentsOf: Data(lines.utf8))
        try handle.synchronize()
        try handle.close()
    }
}

struct PasswordFileError: Error, CustomStringConvertible {
    let path: String
    let code: Int32
    var description: String { "cannot write \(path): \(String(cString: strerror(code)))" }
}
