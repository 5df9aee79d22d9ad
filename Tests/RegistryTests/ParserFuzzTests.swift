import TestSupport
import Testing

@testable import RegistryService

/// Whatever comes in a clerk's file: no crash, and what is accepted is what the rules say.
struct ParserFuzzTests {
    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func cameraIds() {
        var inputs = ByteMutation(["44070300111327000001", "44078400111316000012"], dictionary: ["131", "132"])
        let accepted = inputs.count { bytes in
            do {
                let id = try GBDeviceID(Self.text(bytes), column: "x")
                let digits = Array(id.text.utf8)
                #expect(digits.count == 20 && digits.allSatisfy { (48...57).contains($0) })
                #expect(["131", "132"].contains(String(id.text.dropFirst(10).prefix(3))))
                #expect("678".contains(id.text[id.text.index(id.text.startIndex, offsetBy: 13)]))
                return true
            } catch { return false }
        }
        #expect(accepted > 0 && accepted < ByteMutation.rounds)
    }

    @Test func licenceNumbersAndCreditCodes() {
        var licences = ByteMutation(["JY34407030000010", "JY11108071215650", "JY24407030000015"])
        let kept = licences.count { bytes in
            do {
                let licence = try LicenceNumber(Self.text(bytes), column: "x")
                // MOD 11,10 as domain §7.3 writes it, once more.
                var product = 10
                for digit in licence.text.utf8.dropFirst(2).dropLast() {
                    let sum = (product + Int(digit) - 48) % 10
                    product = (2 * (sum == 0 ? 10 : sum)) % 11
                }
                #expect(licence.text.utf8.count == 16)
                #expect(Int(licence.text.utf8.last ?? 0) - 48 == (11 - product) % 10)
                return true
            } catch { return false }
        }
        #expect(kept > 0)
        var codes = ByteMutation(["914403001922038216", "9144030071526726XG", "12440703000000019G"])
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
        _ = codes.count { bytes in
            do {
                let code = try CreditCode(Self.text(bytes), column: "x")
                var sum = 0
                var weight = 1
                for byte in code.text.utf8.dropLast() {
                    sum += weight * (alphabet.firstIndex(of: byte) ?? -1_000)
                    weight = weight * 3 % 31
                }
                #expect(alphabet.firstIndex(of: code.text.utf8.last ?? 0) == (31 - sum % 31) % 31)
                return true
            } catch { return false }
        }
    }

    /// However the file is cut into pieces, the reader sees the same lines.
    @Test func tablesInPieces() throws {
        var inputs = ByteMutation(
            ["a,b,c\r\n1,2,3\n", "\"x\"\"y\",\"line\nbreak\"\r\n,,\n", "姓名,登录名\n示例,a.b\n"],
            dictionary: ["\"", ",", "\"\"", "\r"])
        for _ in 0..<ByteMutation.rounds {
            let bytes = inputs.next()
            let whole = try outcomes(bytes, pieces: max(1, bytes.count))
            for size in [1, 3] {
                let cut = try outcomes(bytes, pieces: size)
                #expect(cut == whole, "\(bytes) in pieces of \(size)")
            }
        }
    }

    private func outcomes(_ bytes: [UInt8], pieces size: Int) throws -> [String] {
        var rest = bytes[...]
        var reader = CSVReader {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
        var found: [String] = []
        for _ in 0...bytes.count + 1 {
            switch try reader.read() {
            case .end: return found
            case .fault(let line, let code, _): found.append("\(line)!\(code.rawValue)")
            case .record(let record): found.append("\(record.line)|\(record.bytes)")
            }
        }
        Issue.record("the reader does not come to an end: \(bytes)")
        return found
    }
}
