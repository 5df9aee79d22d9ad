/// What the table's two marks mean: ✔ may do it (and see it), ○ may only see it.
public enum Intent: String, Hashable, Sendable {
    case perform
    case read
}
