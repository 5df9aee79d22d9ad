/// Finds mainland mobile and identity numbers in free text, also with spaces or hyphens between the digits.
enum PersonalNumber {
    static func occurs(in text: String) -> Bool {
        var run: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: run.append(byte)
            case 0x20, 0x2d: continue
            case 0x58, 0x78:
                if run.count == 17 { return true }
                run = []
            default:
                if isPersonal(run) { return true }
                run = []
            }
        }
        return isPersonal(run)
    }

    private static func isPersonal(_ digits: [UInt8]) -> Bool {
        digits.count == 18
            || digits.count == 11 && digits[0] == 0x31 && (0x33...0x39).contains(digits[1])
    }
}
