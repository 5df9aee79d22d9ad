import ArgumentParser
import Foundation
import Logging

/// What all commands do around their work.
public enum CommandRun {
    /// Sets the log format up, reads the configuration and runs the work. Configuration faults are printed and end the
    /// process with 78; any other error with 1.
    public static func with<S: BrightService>(
        _ service: S.Type, _ work: (ServiceSetup<S>) async throws -> Void
    ) async throws {
        let level = ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap(Logger.Level.init(rawValue:)) ?? .info
        JSONLogHandler.bootstrap(service: S.description.name, level: level)
        PrometheusRegistry.shared.bootstrap()
        let setup: ServiceSetup<S>
        do {
            setup = try await ServiceSetup<S>()
        } catch let faults as ConfigurationFaults {
            FileHandle.standardError.write(Data("\(S.description.name): \(faults)\n".utf8))
            throw ExitCode(ConfigurationFaults.exitCode)
        }
        try await work(setup)
    }

    public static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
