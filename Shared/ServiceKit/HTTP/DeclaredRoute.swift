import HTTPTypes

/// One route as declared: what the default-deny test and the OpenAPI check enumerate.
public struct DeclaredRoute: Hashable, Sendable {
    public let method: HTTPRequest.Method
    /// Full path with `{name}` parameters.
    public let path: String
    public let rule: AccessRule

    /// The path with every parameter replaced, e.g. to call it in a test.
    public func path(filling parameters: [String: String] = [:], with filler: String = "x") -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                return segment == "**" ? filler : String(segment)
            }
            return parameters[String(segment.dropFirst().dropLast())] ?? filler
        }.joined(separator: "/")
    }

    func matches(_ path: String) -> Bool {
        let pattern = self.path.split(separator: "/")
        let segments = path.split(separator: "/")
        for (index, part) in pattern.enumerated() {
            if part == "**" { return segments.count > index }
            guard index < segments.count else { return false }
            if !(part.hasPrefix("{") && part.hasSuffix("}")), part != segments[index] { return false }
        }
        return pattern.count == segments.count
    }
}
