import Foundation

/// Reads a file in pieces, so that its size does not matter.
struct ByteSource {
    static let pieceSize = 256 * 1024

    private let handle: FileHandle
    /// Size of the file, for progress; 0 for a pipe.
    let size: Int
    private(set) var position = 0

    /// `-` is standard input.
    init(path: String) throws {
        if path == "-" {
            handle = .standardInput
            size = 0
        } else {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            size = (attributes[.size] as? Int) ?? 0
        }
    }

    /// nil at the end.
    mutating func next() throws -> [UInt8]? {
        guard let data = try handle.read(upToCount: Self.pieceSize), !data.isEmpty else { return nil }
        position += data.count
        return [UInt8](data)
    }
}
