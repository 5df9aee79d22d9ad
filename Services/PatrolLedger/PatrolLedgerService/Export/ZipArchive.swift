/// A zip archive whose files are stored, not compressed: pictures and clips are compressed already, and every tool on
/// every desk opens it. Up to 65,535 files and 4 GiB.
struct ZipArchive: Hashable, Sendable {
    struct File: Hashable, Sendable {
        var name: String
        var bytes: [UInt8]
    }

    enum Fault: Error, Hashable, CustomStringConvertible {
        case tooLarge
        case notAnArchive(String)

        var description: String {
            switch self {
            case .tooLarge: "the archive would be larger than 4 GiB or have more than 65,535 files"
            case .notAnArchive(let why): "not an archive of this program: \(why)"
            }
        }
    }

    private(set) var files: [File] = []

    init() {}

    mutating func add(_ name: String, _ bytes: [UInt8]) { files.append(File(name: name, bytes: bytes)) }
    func file(_ name: String) -> [UInt8]? { files.first { $0.name == name }?.bytes }

    private static let local: UInt32 = 0x0403_4b50
    private static let central: UInt32 = 0x0201_4b50
    private static let end: UInt32 = 0x0605_4b50
    /// 1980-01-01, the earliest that zip knows: the same content gives the same bytes.
    private static let date: UInt16 = 0x21

    func serialized() throws -> [UInt8] {
        let total = files.reduce(0) { $0 + $1.bytes.count + 2 * $1.name.utf8.count + 128 }
        guard files.count <= 0xffff, total < 0xffff_ffff else { throw Fault.tooLarge }
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let name = Array(file.name.utf8)
            var header: [UInt8] = []
            header.append(little: UInt16(20))  // version needed
            header.append(little: UInt16(0x0800))  // names are UTF-8
            header.append(little: UInt16(0))  // stored
            header.append(little: UInt16(0))  // time
            header.append(little: Self.date)
            header.append(little: CRC32.checksum(file.bytes))
            header.append(little: UInt32(file.bytes.count))
            header.append(little: UInt32(file.bytes.count))
            header.append(little: UInt16(name.count))
            header.append(little: UInt16(0))  // extra
            directory.append(little: Self.central)
            directory.append(little: UInt16(20))  // made by
            directory += header
            directory += [UInt8](repeating: 0, count: 10)  // comment, disk, attributes
            directory.append(little: UInt32(out.count))
            directory += name
            out.append(little: Self.local)
            out += header + name + file.bytes
        }
        let start = UInt32(out.count)
        out += directory
        out.append(little: Self.end)
        out.append(little: UInt32(0))
        out.append(little: UInt16(files.count))
        out.append(little: UInt16(files.count))
        out.append(little: UInt32(directory.count))
        out.append(little: start)
        out.append(little: UInt16(0))
        return out
    }

    /// Reads what `serialized` wrote: stored files only, each with its checksum.
    init(_ bytes: [UInt8]) throws {
        var at = 0
        func number(_ offset: Int, _ width: Int) throws -> Int {
            guard offset + width <= bytes.count else { throw Fault.notAnArchive("it is cut off") }
            return (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        while try number(at, 4) == Int(Self.local) {
            guard try number(at + 8, 2) == 0 else { throw Fault.notAnArchive("a file in it is compressed") }
            let checksum = try number(at + 14, 4)
            let size = try number(at + 18, 4)
            let nameLength = try number(at + 26, 2)
            let start = at + 30 + nameLength + (try number(at + 28, 2))
            guard start + size <= bytes.count else { throw Fault.notAnArchive("it is cut off") }
            let name = String(decoding: bytes[(at + 30)..<(at + 30 + nameLength)], as: UTF8.self)
            let content = Array(bytes[start..<(start + size)])
            guard Int(CRC32.checksum(content)) == checksum else {
                throw Fault.notAnArchive("the checksum of \(name) is wrong")
            }
            guard file(name) == nil else { throw Fault.notAnArchive("\(name) is there twice") }
            add(name, content)
            at = start + size
        }
        guard !files.isEmpty, try number(at, 4) == Int(Self.central) else {
            throw Fault.notAnArchive("it has no directory")
        }
        guard try serialized() == bytes else {
            throw Fault.notAnArchive("it is cut off, or its directory is not that of its files")
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(little number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
