/// When nobody acknowledges: first the silent recipient is reminded, then the organ above is told.
struct EscalationLadder: Hashable, Sendable {
    /// Waits since the notice, one for each step, by class of the problem.
    var classOne: [Duration] = [.seconds(30 * 60), .seconds(2 * 3600)]
    var classTwo: [Duration] = [.seconds(24 * 3600), .seconds(48 * 3600)]

    /// Class 3 is not escalated; its deadlines are kept by the patrol ledger.
    func waits(severity: Int?) -> [Duration] {
        switch severity {
        case 1: classOne
        case 2: classTwo
        default: []
        }
    }

    /// The steps that are due, 1 = first, after so long without an acknowledgement.
    func steps(severity: Int?, silentFor: Duration) -> [Int] {
        waits(severity: severity).enumerated().filter { $0.element <= silentFor }.map { $0.offset + 1 }
    }

    /// `30,120`: two whole numbers, the second not less than the first.
    static func parse(_ text: String, unit: Duration) -> [Duration]? {
        let numbers = text.split(separator: ",").map { Int($0.trimmingPrefix(while: \.isWhitespace)) }
        guard numbers.count == 2, let first = numbers[0], let second = numbers[1], first >= 1, second >= first,
            second <= 10_000
        else { return nil }
        return [unit * first, unit * second]
    }
}
