import Foundation

/// A school's photograph of a rectification: recognised by its bytes, re-encoded so that position and other metadata of
/// the phone are gone, and limited in size.
struct PhotographIntake: Sendable {
    static let largestBytes = 8 * 1024 * 1024

    var ffmpeg: FFmpeg

    enum Format: String, Hashable, Sendable {
        case jpeg, png, webp

        /// By magic bytes; the name and the declared type are not asked.
        init?(sniffing bytes: Data) {
            let head = Array(bytes.prefix(12))
            if head.starts(with: [0xff, 0xd8, 0xff]) {
                self = .jpeg
            } else if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
                self = .png
            } else if head.count == 12, head.starts(with: Array("RIFF".utf8)), Array(head[8...]) == Array("WEBP".utf8) {
                self = .webp
            } else {
                return nil
            }
        }

        fileprivate var demuxer: String {
            switch self {
            case .jpeg: "jpeg_pipe"
            case .png: "png_pipe"
            case .webp: "webp_pipe"
            }
        }
    }

    /// A JPEG without metadata, at most 2560 pixels on the long side, in `folder`.
    func clean(_ bytes: Data, into folder: URL) async throws -> URL {
        guard !bytes.isEmpty else {
            throw Refusal.input("photo_empty", field: "photos", zh: "照片为空", en: "The photograph is empty")
        }
        guard bytes.count <= Self.largestBytes else {
            throw Refusal.input(
                "photo_too_large", field: "photos", zh: "照片不得超过 8 MB", en: "A photograph may have 8 MB at most")
        }
        guard let format = Format(sniffing: bytes) else {
            throw Refusal.input(
                "photo_type", field: "photos", zh: "只接受 JPEG、PNG 或 WebP 照片", en: "Only JPEG, PNG or WebP photographs")
        }
        let original = folder.appending(path: "upload.\(format.rawValue)")
        try bytes.write(to: original)
        let cleaned = folder.appending(path: "photograph.jpg")
        do {
            try await ffmpeg.run([
                // 50 megapixels: more than any telephone takes, and memory stays bounded.
                "-max_pixels", "50000000", "-threads", "1", "-f", format.demuxer, "-i", original.path, "-frames:v", "1",
                "-map_metadata", "-1", "-vf",
                "scale='min(2560,iw)':'min(2560,ih)':force_original_aspect_ratio=decrease", "-pix_fmt", "yuvj420p",
                "-q:v", "3",
                "-f", "image2", cleaned.path,
            ])
        } catch is Refusal {
            throw Refusal.input(
                "photo_unreadable", field: "photos", zh: "照片文件损坏，无法读取", en: "The photograph cannot be read")
        }
        return cleaned
    }
}
