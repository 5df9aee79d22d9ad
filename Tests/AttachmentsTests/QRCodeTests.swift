import Testing

@testable import Attachments

@Suite struct QRCodeTests {
    /// Byte mode, level M, symbol of version 1, checked once with OpenCV's decoder: it may never change silently.
    @Test func sizesFollowTheLengthOfTheText() throws {
        for (length, size) in [
            (1, 21), (14, 21), (15, 25), (84, 37), (85, 41), (122, 45), (180, 53), (181, 57), (213, 57),
        ] {
            #expect(try #require(QRCode(String(repeating: "a", count: length))).size == size)
        }
        #expect(QRCode(String(repeating: "a", count: 214)) == nil)
    }

    /// ISO/IEC 18004 annex I style check of the arithmetic: the worked example "01234567" has these check bytes at 1-M.
    @Test func checkBytesAreThoseOfTheStandardsExample() {
        let data: [UInt8] = [
            0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
        ]
        #expect(
            ReedSolomon(degree: 10).checkBytes(of: data) == [
                0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55,
            ])
    }

    @Test func theDrawingEscapesItsTitle() throws {
        let svg = try #require(QRCode("x")).svg(title: "<script>&")
        #expect(svg.contains("&lt;script>&amp;") && !svg.contains("<script>"))
    }
}
