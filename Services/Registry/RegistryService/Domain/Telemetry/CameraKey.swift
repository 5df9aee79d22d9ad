/// A GB/T 28181 id as a number, for tables that are asked a hundred thousand times a second.
public struct CameraKey: Hashable, Sendable {
    /// Digits 1–8 and 9–20.
    let centre: UInt32
    let device: UInt64

    /// nil unless these are exactly 20 digits.
    init?(_ digits: some Collection<UInt8>) {
        guard digits.count == 20 else { return nil }
        var centre: UInt32 = 0
        var device: UInt64 = 0
        for (index, byte) in digits.enumerated() {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            if index < 8 {
                centre = centre * 10 + UInt32(byte - 0x30)
            } else {
                device = device * 10 + UInt64(byte - 0x30)
            }
        }
        self.centre = centre
        self.device = device
    }

    public init?(_ text: String) { self.init(text.utf8) }
}
