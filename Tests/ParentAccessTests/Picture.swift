import Foundation
import Subprocess
import Testing

/// Pictures for tests, made by the same ffmpeg.
enum Picture {
    /// Stands in the metadata of `jpeg(gps: true)`.
    static let marker = Array("GPS-PLANTED-22.57,113.08".utf8)

    static func jpeg(width: Int, height: Int, gps: Bool) async throws -> [UInt8] {
        let result = try await run(
            .name("ffmpeg"),
            arguments: [
                "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "color=c=green:s=\(width)x\(height)",
                "-frames:v", "1", "-f", "mjpeg", "-",
            ], output: .data(limit: 1 << 20))
        var bytes = [UInt8](result.standardOutput)
        try #require(bytes.count > 2)
        if gps {
            // A comment segment right after the start of the image.
            let length = marker.count + 2
            bytes.insert(contentsOf: [0xff, 0xfe, UInt8(length >> 8), UInt8(length & 0xff)] + marker, at: 2)
        }
        return bytes
    }

    /// A PNG header of 60,000 × 60,000 pixels.
    static let bomb: [UInt8] =
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60, 8, 2, 0, 0, 0, 0, 0, 0, 0]
}

extension [UInt8] {
    func contains(_ other: [UInt8]) -> Bool {
        Data(self).range(of: Data(other)) != nil
    }
}
