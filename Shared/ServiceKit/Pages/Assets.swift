import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Stylesheet, scripts and icon of the product, from memory, each under a name that changes with its content.
struct Assets: Sendable {
    private struct Asset: Sendable {
        let bytes: [UInt8]
        let type: String
        let hash: String
    }

    private let assets: [String: Asset]

    static func load() throws -> Assets {
        guard let folder = Bundle.module.resourceURL?.appendingPathComponent("Assets") else {
            throw PagesError(faults: ["ServiceKit's assets are missing"])
        }
        var assets: [String: Asset] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            guard let type = contentType(name) else { continue }
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            let hash = SHA256.hash(data: bytes).prefix(8).map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
            assets[name] = Asset(bytes: bytes, type: type, hash: hash)
        }
        return Assets(assets: assets)
    }

    /// `/registry/assets/bright.css?v=0123456789abcdef`
    func path(_ name: String, prefix: String) -> String {
        "\(prefix)/assets/\(name)?v=\(assets[name]?.hash ?? "0")"
    }

    /// The file with a strong ETag; 304 when the client has it; cached for a year under its content hash.
    func response(_ name: String, _ request: Request) throws -> Response {
        guard let asset = assets[name] else { throw Problem.notFound }
        let tag = "\"\(asset.hash)\""
        let isPinned = request.uri.query == "v=\(asset.hash)"
        var headers: HTTPFields = [
            .eTag: tag, .contentType: asset.type,
            .cacheControl: isPinned ? "public, max-age=31536000, immutable" : "public, max-age=300",
        ]
        if request.headers[.ifNoneMatch]?.contains(tag) == true {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }

    private static func contentType(_ name: String) -> String? {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        default: nil
        }
    }
}

extension Response {
    init(headers: HTTPFields, body: ResponseBody) {
        self.init(status: .ok, headers: headers, body: body)
    }
}
