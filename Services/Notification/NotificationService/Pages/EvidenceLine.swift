import Contracts
import ServiceKit

/// A piece of evidence as named in notices and bulletins: what it is and the hash by which anybody can check it.
struct EvidenceLine {
    let kind: String
    let evidenceId: String
    let algorithm: String
    let hash: String

    init(_ evidence: EvidenceReference, _ pages: Pages, _ context: BrightContext) {
        kind = pages.label(evidence.kind, context)
        evidenceId = evidence.evidenceId.rawValue
        algorithm = evidence.hashAlgorithm.uppercased()
        hash = evidence.hash
    }
}
