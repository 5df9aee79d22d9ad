/// What a self-check found: the problem it became.
public struct SelfCheckFinding: Codable, Hashable, Sendable {
    /// The problem: new, or the open one of the same item.
    public var problemId: ProblemID
    /// Zone group.
    public var zone: ZoneCode
    /// Checklist item, e.g. Z3-07.
    public var itemCode: String
    /// Class 1 (most serious) … 3.
    public var severity: Int

    public init(problemId: ProblemID, zone: ZoneCode, itemCode: String, severity: Int) {
        self.problemId = problemId
        self.zone = zone
        self.itemCode = itemCode
        self.severity = severity
    }
}
