/// Check characters of the number systems that the roster uses.
enum ModCheck {
    /// GB/T 17710-1999 MOD 11,10: the check digit for a run of digits.
    static func digit11x10(_ digits: some Sequence<UInt8>) -> UInt8 {
        var product = 10
        for digit in digits {
            var sum = (product + Int(digit)) % 10
            if sum == 0 { sum = 10 }
            product = (2 * sum) % 11
        }
        return UInt8((11 - product) % 10)
    }

    /// GB 32100-2015 MOD 31 with weights 3^(i−1): the check value for 17 character values.
    static func value31(_ values: some Sequence<UInt8>) -> UInt8 {
        var weight = 1
        var sum = 0
        for value in values {
            sum += Int(value) * weight
            weight = weight * 3 % 31
        }
        return UInt8((31 - sum % 31) % 31)
    }

    /// GB 11714 MOD 11: the check value (10 is written X) for the 8 character values of an organisation code.
    static func value11(_ values: some Sequence<UInt8>) -> UInt8 {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(values, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
        return UInt8((11 - sum % 11) % 11)
    }
}
