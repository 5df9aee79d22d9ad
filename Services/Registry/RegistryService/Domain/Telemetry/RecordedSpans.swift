/// A set of moments as spans [from, to) in Unix milliseconds: in order, never touching. What a recorder holds.
public struct RecordedSpans: Hashable, Sendable {
    public struct Span: Hashable, Sendable {
        public let from: Int64
        public let to: Int64

        public init(from: Int64, to: Int64) {
            self.from = from
            self.to = to
        }

        public var length: Int64 { to - from }
    }

    public private(set) var spans: [Span] = []

    public init() {}

    /// Any spans: joined where they touch or overlap; empty and reversed ones are left out.
    public init(_ any: [Span]) {
        for span in any.filter({ $0.to > $0.from }).sorted(by: { $0.from < $1.from }) {
            if let last = spans.last, span.from <= last.to {
                if span.to > last.to { spans[spans.count - 1] = Span(from: last.from, to: span.to) }
            } else {
                spans.append(span)
            }
        }
    }

    /// As stored: begin, end, begin, end …
    public init(stored: [Int64]) {
        self.init(stride(from: 0, to: stored.count - 1, by: 2).map { Span(from: stored[$0], to: stored[$0 + 1]) })
    }

    public var stored: [Int64] { spans.flatMap { [$0.from, $0.to] } }
    public var isEmpty: Bool { spans.isEmpty }
    /// Milliseconds.
    public var total: Int64 { spans.reduce(0) { $0 + $1.length } }

    public func union(_ other: RecordedSpans) -> RecordedSpans {
        other.isEmpty ? self : isEmpty ? other : RecordedSpans(spans + other.spans)
    }

    public func clipped(from: Int64, to: Int64) -> RecordedSpans {
        RecordedSpans(spans.map { Span(from: max($0.from, from), to: min($0.to, to)) })
    }

    public func subtracting(_ other: RecordedSpans) -> RecordedSpans {
        var left: [Span] = []
        for span in spans {
            var from = span.from
            for cut in other.spans where cut.to > from && cut.from < span.to {
                if cut.from > from { left.append(Span(from: from, to: cut.from)) }
                from = max(from, cut.to)
            }
            if from < span.to { left.append(Span(from: from, to: span.to)) }
        }
        return RecordedSpans(left)
    }

    public func intersection(_ other: RecordedSpans) -> RecordedSpans {
        subtracting(subtracting(other))
    }
}
