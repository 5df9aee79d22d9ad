/// `multipart/form-data` (RFC 7578) from memory: a form is read whole, within its route's limit.
enum MultipartParser {
    private static let maximumParts = 200
    private static let crlf: [UInt8] = [0x0d, 0x0a]

    static func parse(_ bytes: [UInt8], contentType: String) throws -> FormData {
        guard let boundary = parameter("boundary", in: contentType), (1...70).contains(boundary.utf8.count) else {
            throw URLEncodedPairs.malformed
        }
        let delimiter = Array("--\(boundary)".utf8)
        var values: [(name: String, value: String)] = []
        var files: [UploadedFile] = []
        guard var position = find(delimiter, in: bytes, from: 0) else { throw URLEncodedPairs.malformed }
        position += delimiter.count
        let separator = crlf + delimiter
        while !starts(bytes, with: [0x2d, 0x2d], at: position) {
            guard starts(bytes, with: crlf, at: position),
                let headerEnd = find(crlf + crlf, in: bytes, from: position),
                let end = find(separator, in: bytes, from: headerEnd + 2),
                values.count + files.count < maximumParts
            else { throw URLEncodedPairs.malformed }
            let headers = try URLEncodedPairs.checked(bytes[(position + 2)..<max(position + 2, headerEnd)])
            let content = bytes[min(headerEnd + 4, end)..<end]
            try read(headers, content, &values, &files)
            position = end + separator.count
        }
        return FormData(values: values, files: files)
    }

    private static func read(
        _ headers: String, _ content: ArraySlice<UInt8>, _ values: inout [(name: String, value: String)],
        _ files: inout [UploadedFile]
    ) throws {
        var disposition = ""
        var type = "text/plain"
        for line in headers.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { throw URLEncodedPairs.malformed }
            let value = String(line[line.index(after: colon)...]).trimmed
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = value
            case "content-type": type = value
            default: continue
            }
        }
        guard let name = parameter("name", in: disposition) else { throw URLEncodedPairs.malformed }
        if let fileName = parameter("filename", in: disposition) {
            files.append(UploadedFile(field: name, fileName: fileName, contentType: type, bytes: Array(content)))
        } else {
            values.append((name, try URLEncodedPairs.checked(content)))
        }
    }

    /// `name="value"` or `name=value` in a header value. Browsers write a quote inside as `%22`.
    private static func parameter(_ name: String, in header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let piece = String(part).trimmed
            guard let equals = piece.firstIndex(of: "="), piece[..<equals].lowercased() == name else { continue }
            let value = String(piece[piece.index(after: equals)...])
            guard value.hasPrefix("\"") else { return value }
            return String(value.dropFirst().prefix { $0 != "\"" })
        }
        return nil
    }

    private static func starts(_ bytes: [UInt8], with prefix: [UInt8], at position: Int) -> Bool {
        position + prefix.count <= bytes.count && bytes[position..<(position + prefix.count)].elementsEqual(prefix)
    }

    /// First occurrence at or after `from`; Horspool, so that photographs of megabytes are passed over in strides.
    private static func find(_ needle: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
        let length = needle.count
        guard length > 0, from >= 0, bytes.count - from >= length else { return nil }
        var shift = [Int](repeating: length, count: 256)
        for (index, byte) in needle.dropLast().enumerated() { shift[Int(byte)] = length - 1 - index }
        return bytes.withUnsafeBufferPointer { buffer in
            var position = from
            while position + length <= buffer.count {
                var index = length - 1
                while index >= 0, buffer[position + index] == needle[index] { index -= 1 }
                if index < 0 { return position }
                position += shift[Int(buffer[position + length - 1])]
            }
            return nil
        }
    }
}
