import Foundation
import Synchronization

/// The PostgreSQL server of this test process: made on first use, gone with the process.
///
/// A small shell owns it and waits for the end of its standard input, which is a pipe only we hold: however this process
/// ends, the shell stops its server (by the pid in the data directory) and removes the files. PostgreSQL refuses to run
/// as root, so as root everything runs as the user `postgres`. `fsync=off`: nothing here outlives the process.
struct ScratchServer: Sendable {
    /// Connection URI of the maintenance database.
    let url: String

    /// The one server, or the one named by `TEST_DATABASE_URL`.
    static func shared() async throws -> ScratchServer {
        try await starting.value
    }

    private static let starting = Task.detached { () throws -> ScratchServer in
        if let url = ProcessInfo.processInfo.environment["TEST_DATABASE_URL"] { return ScratchServer(url: url) }
        return try await withCheckedThrowingContinuation { continuation in
            // Starting takes about two seconds and blocks.
            Thread.detachNewThread { continuation.resume(with: Result { try start() }) }
        }
    }

    private static func start() throws -> ScratchServer {
        let bin = try binaries()
        var template = Array("/tmp/bk-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchPostgresError("mkdtemp failed: \(errno)") }
        let directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var prefix: [String] = []
        if geteuid() == 0 {
            guard let user = getpwnam("postgres") else { throw ScratchPostgresError("there is no user postgres") }
            guard chown(directory, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw ScratchPostgresError("chown failed: \(errno)")
            }
            prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        }
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0, pipes.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw ScratchPostgresError("pipe failed: \(errno)")
        }
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = prefix + ["sh", "-c", script, "sh", bin, directory]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle(fileDescriptor: pipes[0], closeOnDealloc: true)
        process.standardOutput = output
        try process.run()
        let answer = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard answer.hasPrefix("ready") else {
            close(pipes[1])
            throw ScratchPostgresError("the server did not start, see \(directory)/log: \(answer)")
        }
        // pipes[1] stays open on purpose: its end is the order to stop.
        return ScratchServer(url: "postgresql://postgres@/postgres?host=\(directory)")
    }

    /// `$1` = PostgreSQL's programs, `$2` = our directory.
    private static let script = """
        "$1/initdb" -D "$2/data" -U postgres --auth=trust --no-sync --encoding=UTF8 --locale=C >"$2/log" 2>&1 &&
        "$1/pg_ctl" -D "$2/data" -w -l "$2/log" start -o "-c listen_addresses='' -c unix_socket_directories='$2' \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" >/dev/null ||
        { echo failed; exit 1; }
        trap '' INT TERM HUP
        echo ready
        cat >/dev/null
        "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1
        rm -rf "$2"
        """

    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = try FileManager.default.contentsOfDirectory(atPath: root).compactMap { Int($0) }
        guard let newest = versions.max() else { throw ScratchPostgresError("no PostgreSQL below \(root)") }
        return "\(root)/\(newest)/bin"
    }
}

struct ScratchPostgresError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
