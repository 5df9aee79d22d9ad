import ArgumentParser
import Journal

/// `Benchmarks verify`: recomputes the whole journal from its rows (P10).
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "Verify the journal.")
    @OptionGroup var scratch: ScratchJournal

    func run() async throws {
        let pool = scratch.pool(size: 4)
        let verifier = JournalVerifier(service: "bench", pool: pool, keys: [try scratch.signer().key])
        let measurement = Measurement()
        let report = try await verifier.verify()
        guard report.isIntact else {
            throw ValidationError("the journal does not verify: \(report.failures.prefix(3))")
        }
        try measurement.report(Int(report.entries))
        await pool.close()
    }
}
