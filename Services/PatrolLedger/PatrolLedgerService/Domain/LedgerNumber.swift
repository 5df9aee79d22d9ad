import Contracts

/// The gap-free number of a ledger entry: mark of the organ, year, running number of that organ and year:
/// `440784-2026-000001`. City and county are marked by their division; several stations share a division, so a station's
/// mark is `440784S01`, given once and never again.
struct LedgerNumber: Hashable, Sendable, CustomStringConvertible {
    let organMark: String
    let year: Int
    let sequence: Int

    var description: String {
        let digits = String(sequence)
        return "\(organMark)-\(year)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)"
    }
}
