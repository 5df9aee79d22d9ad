/// RFC 3339 timestamps ↔ microseconds since 1970, without a formatter object: this runs for every event.
enum RFC3339 {
    /// nil for anything but `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`.
    static func parse(_ utf8: some Sequence<UInt8>) -> Int64? {
        let bytes = Array(utf8)
        guard bytes.count >= 20, bytes.count <= 40 else { return nil }
        func number(_ from: Int, _ length: Int) -> Int? {
            guard from + length <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[from..<(from + length)] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return value
        }
        guard let year = number(0, 4), bytes[4] == 0x2d, let month = number(5, 2), bytes[7] == 0x2d,
            let day = number(8, 2), bytes[10] == 0x54 || bytes[10] == 0x74,
            let hour = number(11, 2), bytes[13] == 0x3a, let minute = number(14, 2), bytes[16] == 0x3a,
            let second = number(17, 2), hour < 24, minute < 60, second < 60,
            let date = LocalDate(year: year, month: month, day: day)
        else { return nil }
        var index = 19
        var fraction = 0
        if bytes[index] == 0x2e {
            index += 1
            var digits = 0
            while index < bytes.count, (48...57).contains(bytes[index]) {
                if digits < 6 { fraction = fraction * 10 + Int(bytes[index] - 48) }
                digits += 1
                index += 1
            }
            guard digits > 0 else { return nil }
            for _ in min(digits, 6)..<6 { fraction *= 10 }
        }
        guard index < bytes.count else { return nil }
        var offset = 0
        switch bytes[index] {
        case 0x5a, 0x7a:
            guard index + 1 == bytes.count else { return nil }
        case 0x2b, 0x2d:
            guard index + 6 == bytes.count, bytes[index + 3] == 0x3a, let hours = number(index + 1, 2),
                let minutes = number(index + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (bytes[index] == 0x2b ? 1 : -1)
        default: return nil
        }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Int64(seconds) * 1_000_000 + Int64(fraction)
    }

    static func format(_ microseconds: Int64) -> String {
        let local = microseconds + CityTime.offsetMicroseconds
        let date = LocalDate(daysSinceEpoch: Int(local.flooringDivide(by: 86_400_000_000)))
        let rest = local.flooringRemainder(by: 86_400_000_000)
        let seconds = Int(rest / 1_000_000)
        let padded = LocalDate.padded
        return date.iso
            + "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(Int(rest % 1_000_000), 6))+08:00"
    }
}
