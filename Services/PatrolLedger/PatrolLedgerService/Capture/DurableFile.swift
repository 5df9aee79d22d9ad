import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The POSIX steps behind "it is on the disk": write, fsync, rename, fsync of the folder.
enum DurableFile {
    /// Creates the file (it must not exist), writes all bytes and syncs them.
    static func write(_ bytes: Data, to file: URL, mode: mode_t) throws {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("open", file) }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = rawWrite(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { throw failure("write", file) }
                offset += written
            }
        }
        guard fsync(descriptor) == 0 else { throw failure("fsync", file) }
    }

    /// With the folders above it; nothing happens where it exists.
    static func create(folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw refusal("mkdir", folder, reason: (error as NSError).localizedFailureReason ?? "\(error)")
        }
    }

    static func rename(_ file: URL, to target: URL) throws {
        guard Foundation.rename(file.path, target.path) == 0 else { throw failure("rename", target) }
    }

    static func sync(folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("fsync", folder) }
    }

    /// `write` of the C library, which the function of the same name above hides.
    private static func rawWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        guard let bytes else { return 0 }
        #if canImport(Glibc)
            return Glibc.write(descriptor, bytes, count)
        #else
            return Darwin.write(descriptor, bytes, count)
        #endif
    }

    private static func failure(_ call: String, _ file: URL) -> Refusal {
        let code = errno
        return refusal(call, file, reason: String(cString: strerror(code)))
    }

    private static func refusal(_ call: String, _ file: URL, reason: String) -> Refusal {
        .unavailable(
            "storage_failed", zh: "证据存储失败（\(call)：\(reason)）",
            en: "Storing evidence failed (\(call) \(file.lastPathComponent): \(reason))")
    }
}
