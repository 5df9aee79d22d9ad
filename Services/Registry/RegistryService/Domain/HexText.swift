extension [UInt8] {
    /// Lower-case hexadecimal digits.
    var hexText: String {
        map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
