import Subprocess

/// Asks a virus scanner about a file before anything else reads it. The scanner is a program that reads the file from
/// its standard input and ends with 0 (clean), 1 (infected) or anything else (could not tell): `clamdscan --no-summary
/// --stream -` with ClamAV's daemon.
public struct VirusScanner: Sendable {
    enum Verdict: Sendable {
        case clean
        case infected
    }

    /// The scanner could not tell, or not in time. The file is not accepted then.
    struct Unavailable: Error {}

    private let executable: String
    private let arguments: [String]
    private let deadline: Duration

    /// `command`: the program and its arguments, separated by spaces.
    public init(command: String, deadline: Duration = .seconds(30)) {
        let words = command.split(separator: " ").map(String.init)
        executable = words.first ?? ""
        arguments = Array(words.dropFirst())
        self.deadline = deadline
    }

    func look(at bytes: [UInt8]) async throws -> Verdict {
        let status: TerminationStatus
        do {
            status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
                group.addTask { try await run(bytes) }
                group.addTask {
                    try await Task.sleep(for: deadline)
                    return nil
                }
                let first = try await group.next() ?? nil
                group.cancelAll()
                guard let first else { throw Unavailable() }
                return first
            }
        } catch {
            throw Unavailable()
        }
        switch status {
        case .exited(0): return .clean
        case .exited(1): return .infected
        default: throw Unavailable()
        }
    }

    private func run(_ bytes: [UInt8]) async throws -> TerminationStatus {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let tool: Executable = executable.hasPrefix("/") ? .path(.init(executable)) : .name(executable)
        return try await Subprocess.run(
            tool, arguments: Arguments(arguments), platformOptions: options, input: .array(bytes), output: .discarded,
            error: .discarded
        ).terminationStatus
    }
}
