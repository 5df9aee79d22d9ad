import ServiceKit

/// Takes files that people send: says what they are, refuses what is dangerous, cleans pictures, stores the result.
///
/// One intake per service: it bounds how many pictures are decoded at the same time.
public struct AttachmentIntake: Sendable {
    public let limits: AttachmentLimits
    private let store: AttachmentStore
    private let encoder: PictureEncoder
    private let slots: ProcessSlots
    private let scanner: VirusScanner?

    /// `ffmpeg`: a name looked up in PATH, or an absolute path.
    public init(
        store: AttachmentStore, ffmpeg: String = "ffmpeg", scanner: VirusScanner? = nil,
        limits: AttachmentLimits = .standard
    ) {
        self.scanner = scanner
        self.store = store
        self.limits = limits
        encoder = PictureEncoder(executable: ffmpeg, limits: limits)
        slots = ProcessSlots(count: limits.processes, waiting: limits.waiting)
    }

    /// Stored and durable when it returns. 422 naming `field` (default: the form's) for a file that is not accepted:
    /// `file_empty`, `file_too_large`, `file_type`, `file_name_type`, `file_unreadable`, `too_many_pixels`,
    /// `pdf_active`, `file_infected`; 503 `pictures_busy` when too many pictures wait, `scanner_unavailable` when the virus
    /// scanner cannot tell.
    public func accept(
        _ file: UploadedFile, field: String? = nil, allowing allowed: Set<AttachmentType> = Set(AttachmentType.allCases)
    ) async throws -> Attachment {
        let field = field ?? file.field
        guard !file.bytes.isEmpty else { throw AttachmentRefusal.empty(field) }
        guard file.bytes.count <= limits.largestFile else {
            throw AttachmentRefusal.tooLarge(field, limit: limits.largestFile)
        }
        guard let type = AttachmentType(sniffing: file.bytes), allowed.contains(type) else {
            throw AttachmentRefusal.type(field, allowed: allowed)
        }
        try checkName(file.fileName, type, field)
        try await scan(file.bytes, field)
        if type == .pdf {
            switch PDFCheck.look(at: file.bytes) {
            case .fine: return try await store.put(file.bytes, as: .pdf)
            case .damaged: throw AttachmentRefusal.unreadable(field)
            case .active(let feature): throw AttachmentRefusal.activeDocument(field, feature)
            }
        }
        return try await store.put(try await cleaned(file.bytes, type, field), as: .jpeg)
    }

    private func scan(_ bytes: [UInt8], _ field: String) async throws {
        guard let scanner else { return }
        do {
            let verdict = try await slots.run { try await scanner.look(at: bytes) }
            if verdict == .infected { throw AttachmentRefusal.infected(field) }
        } catch is ProcessSlots.Full {
            throw AttachmentRefusal.busy
        } catch is VirusScanner.Unavailable {
            throw AttachmentRefusal.scannerUnavailable
        }
    }

    /// A name without an ending is fine: telephones and programs send such.
    private func checkName(_ name: String, _ type: AttachmentType, _ field: String) throws {
        guard let dot = name.lastIndex(of: ".") else { return }
        let ending = name[name.index(after: dot)...].lowercased()
        guard type.acceptedExtensions.contains(ending) else { throw AttachmentRefusal.name(field, is: type) }
    }

    private func cleaned(_ bytes: [UInt8], _ type: AttachmentType, _ field: String) async throws -> [UInt8] {
        guard let demuxer = type.demuxer, let size = PictureSize(bytes, type) else {
            throw AttachmentRefusal.unreadable(field)
        }
        guard size.pixels <= limits.mostPixels else {
            throw AttachmentRefusal.tooManyPixels(field, limit: limits.mostPixels)
        }
        do {
            return try await slots.run { try await encoder.encode(bytes, demuxer) }
        } catch is ProcessSlots.Full {
            throw AttachmentRefusal.busy
        } catch PictureEncoder.Failure.unreadable {
            throw AttachmentRefusal.unreadable(field)
        } catch PictureEncoder.Failure.deadline {
            throw AttachmentRefusal.unreadable(field)
        }
    }
}
