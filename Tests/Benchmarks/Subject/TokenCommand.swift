import Access
import ArgumentParser
import Calendar
import Concurrency
import Contracts

/// `Benchmarks tokens`: ES256 issue and verification on one core (P14).
struct TokenCommand: AsyncParsableCommand {
    enum Work: String, CaseIterable, ExpressibleByArgument {
        case issue
        /// Each token is seen for the first time.
        case verify
        /// The same token again, as in the requests of one session.
        case again
    }

    static let configuration = CommandConfiguration(commandName: "tokens", abstract: "Issue or verify tokens.")
    @Option(help: "issue, verify or again.")
    var work = Work.issue
    @Option(help: "How many.")
    var tokens = 20_000

    func run() async throws {
        let signer = try await TokenSigner()
        let principal = Principal(
            personId: .new(), role: .countyRegulator, organId: .new(), organLevel: .county,
            department: .marketSupervision, divisionCode: "440784")
        let now = SystemClock().now()
        if work == .issue {
            let measurement = Measurement()
            for _ in 0..<tokens { _ = try await signer.sign(principal, now: now) }
            try measurement.report(tokens)
            return
        }
        var texts: [String] = []
        for _ in 0..<(work == .verify ? tokens : 1) { texts.append(try await signer.sign(principal, now: now)) }
        let verifier = TokenVerifier(source: StaticJWKS(json: signer.jwks()))
        // The key set is fetched with the first one.
        _ = try await verifier.verify(try await signer.sign(principal, now: now))
        let measurement = Measurement()
        for number in 0..<tokens { _ = try await verifier.verify(texts[number % texts.count]) }
        try measurement.report(tokens)
    }
}
