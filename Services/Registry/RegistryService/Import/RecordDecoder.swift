import Foundation
import Glibc

/// Turns the bytes of records into text, strictly: one broken byte is an error, never a replacement character.
///
/// GB18030 goes through glibc's iconv. Bytes below 0x30 never occur inside a multi-byte character of either encoding, so
/// quotes, commas and line ends can be found before decoding.
final class RecordDecoder {
    // The conversion descriptor belongs to this object alone and is closed with it.
    private let descriptor: iconv_t?
    private var output: [UInt8] = []

    /// nil when the system has no GB18030 converter.
    init?(_ encoding: TextEncoding) {
        switch encoding {
        case .utf8, .utf8WithMark:
            descriptor = nil
        case .gb18030:
            let opened = iconv_open("UTF-8", "GB18030")
            guard let opened, Int(bitPattern: opened) != -1 else { return nil }
            descriptor = opened
        }
    }

    deinit {
        if let descriptor { iconv_close(descriptor) }
    }

    /// nil when the bytes are not text in this encoding.
    func decode(_ bytes: [UInt8]) -> String? {
        guard let descriptor else { return String(validating: bytes, as: UTF8.self) }
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        // A GB18030 character of two bytes becomes at most three, one of four bytes at most four.
        let capacity = bytes.count * 2 + 8
        if output.count < capacity { output = [UInt8](repeating: 0, count: capacity) }
        iconv(descriptor, nil, nil, nil, nil)
        var input = bytes
        let written: Int? = input.withUnsafeMutableBytes { source in
            output.withUnsafeMutableBytes { target in
                var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var fromLeft = source.count
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                var toLeft = target.count
                let outcome = iconv(descriptor, &from, &fromLeft, &to, &toLeft)
                guard outcome != -1, fromLeft == 0 else { return nil }
                return target.count - toLeft
            }
        }
        guard let written else { return nil }
        return String(decoding: output[..<written], as: UTF8.self)
    }
}
