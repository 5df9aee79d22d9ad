import Foundation

/// Mutations of known inputs for fuzzing parsers: the same seed gives the same inputs.
///
/// `FUZZ_ROUNDS` (3000) and `FUZZ_SEED` (1) from the environment: more rounds by hand, the seed of a failure again.
public struct ByteMutation: Sendable {
    public static var rounds: Int { setting("FUZZ_ROUNDS") ?? 3_000 }
    public static var seed: UInt64 { setting("FUZZ_SEED") ?? 1 }

    private static func setting<Number: LosslessStringConvertible>(_ name: String) -> Number? {
        ProcessInfo.processInfo.environment[name].flatMap { Number($0) }
    }

    private let corpus: [[UInt8]]
    private let dictionary: [[UInt8]]
    private var state: UInt64

    /// `dictionary`: pieces that mean something to the parser.
    public init(_ corpus: [String], dictionary: [String] = [], seed: UInt64 = ByteMutation.seed) {
        self.corpus = corpus.map { Array($0.utf8) }
        self.dictionary = dictionary.map { Array($0.utf8) } + Self.nasty
        state = seed
    }

    private static let nasty: [[UInt8]] = [
        [0], [0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0xe2, 0x80, 0xae], [0x0d, 0x0a], [0x0a],
        Array("9223372036854775808".utf8), Array("-1".utf8), Array("%00".utf8), Array("../".utf8), Array("１２".utf8),
        Array(repeating: 0x61, count: 300),
    ]

    /// SplitMix64.
    private mutating func random() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { bound <= 0 ? 0 : Int(random() % UInt64(bound)) }

    /// The next input: one to four changes of one of the corpus.
    public mutating func next() -> [UInt8] {
        var bytes = corpus[below(corpus.count)]
        for _ in 0...below(4) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let at = below(bytes.count + 1)
        switch below(7) {
        case 0: if at < bytes.count { bytes[at] ^= UInt8(1 << below(8)) }
        case 1: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: random()) }
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(8)))
        case 3: bytes.insert(contentsOf: dictionary[below(dictionary.count)], at: at)
        case 4:
            let piece = Array(bytes[at..<min(bytes.count, at + 1 + below(16))])
            bytes.insert(contentsOf: piece, at: below(bytes.count + 1))
        case 5: bytes = Array(bytes.prefix(at))
        default:
            let other = corpus[below(corpus.count)]
            bytes = Array(bytes.prefix(at)) + Array(other.suffix(below(other.count + 1)))
        }
    }

    /// `rounds` inputs in turn; the number of those for which `isAccepted` said so.
    public mutating func count(where isAccepted: ([UInt8]) throws -> Bool) rethrows -> Int {
        var accepted = 0
        for _ in 0..<Self.rounds where try isAccepted(next()) { accepted += 1 }
        return accepted
    }
}
