/// Keeps personal data out of free text that goes into a journal: 18-digit resident ids and mainland mobile numbers.
/// A screen, not a proof: it catches what people paste by habit.
public enum PersonalDataScreen {
    /// Throws 422 `personal_data` when the text holds such a number.
    public static func check(field: String, text: String) throws {
        if let fault = fault(field: field, text: text) { throw Problem(faults: [fault]) }
    }

    static func fault(field: String, text: String) -> FieldFault? {
        guard containsPersonalNumber(text) else { return nil }
        return FieldFault(
            field: field, code: "personal_data",
            detail: LocalizedText(
                zh: "请勿填写身份证号码或手机号码；此内容将永久留存。",
                en: "Please leave out identity card and mobile phone numbers: this text is kept for ever."))
    }

    static func containsPersonalNumber(_ text: String) -> Bool {
        // Full-width digits count as digits; spaces and hyphens inside a number do not hide it.
        var run: [UInt8] = []
        var found = false
        func close() {
            if isMobile(run) || isResidentId(run) { found = true }
            run.removeAll()
        }
        for scalar in text.unicodeScalars {
            if let digit = digit(scalar) {
                run.append(digit)
            } else if scalar == "X" || scalar == "x", run.count == 17 {
                run.append(10)
                close()
            } else if scalar == " " || scalar == "-" || scalar == "\u{3000}" {
                continue
            } else {
                close()
            }
        }
        close()
        return found
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xff10...0xff19: UInt8(scalar.value - 0xff10)
        default: nil
        }
    }

    /// 11 digits 13x–19x, with or without the country code 86.
    private static func isMobile(_ digits: [UInt8]) -> Bool {
        let local = digits.count == 13 && digits.starts(with: [8, 6]) ? Array(digits.dropFirst(2)) : digits
        return local.count == 11 && local[0] == 1 && local[1] >= 3
    }

    /// GB 11643: six digits of division, eight of birth date, three of sequence, one check character.
    private static func isResidentId(_ digits: [UInt8]) -> Bool {
        guard digits.count == 18, digits.dropLast().allSatisfy({ $0 < 10 }) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let checks: [UInt8] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
        let month = digits[10] * 10 + digits[11]
        return checks[sum % 11] == digits[17] || (digits[6] <= 2 && (1...12).contains(month))
    }
}
