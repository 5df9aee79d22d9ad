extension Duration {
    /// Whole milliseconds as librdkafka counts them, fractions cut.
    var milliseconds: Int32 {
        Int32(clamping: components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
