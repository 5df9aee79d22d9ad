import Testing

/// Tests that need a database of their own. One after the other: forty databases made at once only wait for each other.
@Suite(.serialized, .timeLimit(.minutes(2))) enum WithDatabase {}
