import ArgumentParser

/// `reseal`: seals personal data with the current data key. Run after a new key became the first line of `data-key`.
struct ResealCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reseal", abstract: "Seal personal data with the current data key.",
            discussion: """
                Rotation: put a new `id:key` line first into the file data-key, restart the service, run this, remove \
                the old line. With --all every row is sealed anew, which also renews the lookup hashes.
                """)
    }

    @Flag(help: "Every row, also those under the current key.")
    var all = false

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            CommandRun.print("\(try await setup.reseal(all: all)) values sealed")
        }
    }
}
