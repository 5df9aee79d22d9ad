/// Which vendors may report about which divisions: `ALERT_VENDORS=acme-ai=440784+440785,city-iot=4407`.
struct AlertVendors: Hashable, Sendable {
    private let prefixes: [String: [String]]

    /// Nobody may report.
    init() { prefixes = [:] }

    /// nil when the text is not `name=digits[+digits…]`, separated by commas.
    init?(_ text: String) {
        var prefixes: [String: [String]] = [:]
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, AlertName.isValid(parts[0]) else { return nil }
            let codes = parts[1].split(separator: "+", omittingEmptySubsequences: false)
            guard codes.allSatisfy({ (2...6).contains($0.utf8.count) && $0.utf8.allSatisfy { 48...57 ~= $0 } }) else {
                return nil
            }
            prefixes[String(parts[0])] = codes.map(String.init)
        }
        self.prefixes = prefixes
    }

    func knows(_ vendor: String) -> Bool { prefixes[vendor] != nil }

    func mayReport(_ vendor: String, division: String) -> Bool {
        prefixes[vendor]?.contains { division.hasPrefix($0) } ?? false
    }
}

/// Names, codes and ids that vendors give: 1 to 64 of `A–Z a–z 0–9 . _ : -`.
enum AlertName {
    static func isValid(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 45, 46, 58, 95: true
                default: false
                }
            }
    }
}
