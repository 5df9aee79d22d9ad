/// Templates or texts do not fit together; found at start, never while a page is shown.
public struct PagesError: Error, CustomStringConvertible {
    public let faults: [String]
    public var description: String { faults.joined(separator: "\n") }
}
