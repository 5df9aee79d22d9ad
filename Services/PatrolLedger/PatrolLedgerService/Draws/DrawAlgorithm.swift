import Contracts
import Crypto
import Foundation

/// `bk-draw-1`: integers and SHA-256 only, so that every language gives the same answer. docs/patrols.md describes it,
/// docs/tools/recompute_draw.py is an independent implementation.
enum DrawAlgorithm {
    /// SHA-256 of the four parts joined by line feeds, lower-case hex.
    static func seed(drawId: DrawID, secret: String, checkpointRoot: String, inputsHash: String) -> String {
        digest("\(DrawInputs.format)\n\(drawId)\n\(secret)\n\(checkpointRoot)\n\(inputsHash)").hexText
    }

    static func draw(_ inputs: DrawInputs, inputsHash: String, seed: String) -> DrawResult {
        var rest = inputs.canteens.sorted { $0.canteenId.rawValue < $1.canteenId.rawValue }
        var drawn: [(DrawInputs.Canteen, DrawResult.Pick.Share)] = []
        let tickets = rest.map { (ticket: digest("\(seed)\nrandom\n\($0.canteenId)").hexText, canteen: $0) }
            .sorted { $0.ticket < $1.ticket }
        for (_, canteen) in tickets.prefix(inputs.randomCount) {
            drawn.append((canteen, .random))
            rest.removeAll { $0.canteenId == canteen.canteenId }
        }
        for turn in 0..<min(inputs.riskCount, rest.count) {
            let total = UInt64(rest.reduce(0) { $0 + $1.weight })
            var ball = number("\(seed)\nrisk\n\(turn)") % total
            guard
                let index = rest.firstIndex(where: { canteen in
                    if ball < UInt64(canteen.weight) { return true }
                    ball -= UInt64(canteen.weight)
                    return false
                })
            else { break }
            drawn.append((rest.remove(at: index), .risk))
        }
        let picks = drawn.map { canteen, share in
            let recused = Set(inputs.recusals.filter { $0.schoolId == canteen.schoolId }.map(\.inspectorId))
            let inspectors = inputs.inspectors.filter { !recused.contains($0) }
                .map { (ticket: digest("\(seed)\ninspector\n\(canteen.canteenId)\n\($0)").hexText, person: $0) }
                .sorted { $0.ticket < $1.ticket }
            return DrawResult.Pick(
                canteenId: canteen.canteenId, share: share,
                inspectorIds: inspectors.prefix(inputs.inspectorsPerCanteen).map(\.person))
        }
        return DrawResult(
            format: DrawInputs.format, drawId: inputs.drawId, inputsHash: inputsHash, seed: seed, picks: picks)
    }

    private static func digest(_ text: String) -> SHA256Digest { SHA256.hash(data: Data(text.utf8)) }

    /// The first eight bytes, big-endian.
    private static func number(_ text: String) -> UInt64 { digest(text).prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
