/// Reed-Solomon check bytes over GF(2⁸) with the polynomial 0x11D (ISO/IEC 18004 §7.5).
struct ReedSolomon: Sendable {
    private let generator: [UInt8]

    /// - Parameter degree: number of check bytes, 1 … 30 for the symbols made here.
    init(degree: Int) {
        var coefficients = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in coefficients.indices {
                coefficients[index] = Self.multiply(coefficients[index], root)
                if index + 1 < coefficients.count { coefficients[index] ^= coefficients[index + 1] }
            }
            root = Self.multiply(root, 2)
        }
        generator = coefficients
    }

    func checkBytes(of data: some Sequence<UInt8>) -> [UInt8] {
        var remainder = [UInt8](repeating: 0, count: generator.count)
        for byte in data {
            let factor = byte ^ remainder.removeFirst()
            remainder.append(0)
            for (index, coefficient) in generator.enumerated() {
                remainder[index] ^= Self.multiply(coefficient, factor)
            }
        }
        return remainder
    }

    private static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for bit in (0..<8).reversed() {
            product = (product << 1) ^ ((product >> 7) * 0x11d)
            if (right >> UInt8(bit)) & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(product)
    }
}
