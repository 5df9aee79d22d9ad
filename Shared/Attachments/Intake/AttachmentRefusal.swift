import ServiceKit

/// Why a file is not accepted, as the 422 that its sender gets.
enum AttachmentRefusal {
    static func empty(_ field: String) -> Problem {
        .invalid(field, code: "file_empty", zh: "文件是空的。", en: "The file is empty.")
    }

    static func tooLarge(_ field: String, limit: Int) -> Problem {
        .invalid(
            field, code: "file_too_large", zh: "文件不得超过 \(limit >> 20) MB。",
            en: "A file may have \(limit >> 20) MB at most.",
            allowed: "≤ \(limit) bytes")
    }

    static func type(_ field: String, allowed: Set<AttachmentType>) -> Problem {
        let names = AttachmentType.allCases.filter(allowed.contains).map(\.mediaType).joined(separator: ", ")
        return .invalid(
            field, code: "file_type", zh: "不接受这种文件（按内容识别，与文件名无关）。",
            en: "This type of file is not accepted (told by its content, not by its name).", allowed: names)
    }

    static func name(_ field: String, is type: AttachmentType) -> Problem {
        .invalid(
            field, code: "file_name_type", zh: "文件名的后缀与内容不符，内容是 \(type.mediaType)。",
            en: "The file's name does not fit its content, which is \(type.mediaType).",
            allowed: type.acceptedExtensions.sorted().map { "." + $0 }.joined(separator: ", "))
    }

    static func unreadable(_ field: String) -> Problem {
        .invalid(field, code: "file_unreadable", zh: "文件损坏，无法读取。", en: "The file is damaged and cannot be read.")
    }

    static func tooManyPixels(_ field: String, limit: Int) -> Problem {
        .invalid(
            field, code: "too_many_pixels", zh: "图片尺寸过大，最多 \(limit / 1_000_000) 百万像素。",
            en: "The picture is too large: \(limit / 1_000_000) megapixels at most.", allowed: "≤ \(limit) pixels")
    }

    static func activeDocument(_ field: String, _ feature: String) -> Problem {
        .invalid(
            field, code: "pdf_active", zh: "PDF 含有脚本、附件、动作或密码（\(feature)），请另存为普通 PDF 后再传。",
            en:
                "The PDF has scripts, embedded files, actions or a password (\(feature)). Save it as a plain PDF first.",
            allowed: "PDF without \(PDFCheck.forbidden.joined(separator: ", "))")
    }

    static func infected(_ field: String) -> Problem {
        .invalid(
            field, code: "file_infected", zh: "病毒扫描发现该文件有害，未保存。",
            en: "The virus scanner found this file harmful. It was not kept.")
    }

    static let scannerUnavailable = Problem.unavailable(code: "scanner_unavailable", retryAfter: 30)
    static let busy = Problem.unavailable(code: "pictures_busy", retryAfter: 5)
}
