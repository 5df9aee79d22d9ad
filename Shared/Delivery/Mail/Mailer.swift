import CCurl
import Foundation

/// Sends mail over SMTP through libcurl: TLS by STARTTLS or from the start, certificates verified, one connection a mail.
///
/// libcurl's easy interface blocks, so each transfer has a thread of its own; callers limit how many there are.
public final class Mailer: Sendable {
    public let server: MailServer

    /// Throws `invalidRequest` when the URL is not one of a mail server.
    public init(_ server: MailServer) throws {
        guard CurlLoop.globalState == CURLE_OK else {
            throw DeliveryError(.internalFailure, "libcurl could not be initialised")
        }
        guard server.url.wholeMatch(of: /smtps?:\/\/[A-Za-z0-9.\[\]:-]+/) != nil else {
            throw DeliveryError(.invalidRequest, "the mail server must be smtp://host:port or smtps://host:port")
        }
        self.server = server
    }

    /// Returns when the server took the mail over. Throws `MailError`, nothing else.
    public func send(_ message: MailMessage) async throws {
        let server = server
        let bytes = message.bytes(from: server.from, name: server.name)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(with: Result { try Self.transfer(bytes, to: message.to, server) })
            }
        }
    }

    /// What libcurl still has to read. Used by one thread.
    private final class Upload {
        let bytes: [UInt8]
        var offset = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    private static let read: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int =
        {
            buffer, size, count, context in
            guard let buffer, let context else { return 0 }
            let upload = Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue()
            let length = min(size * count, upload.bytes.count - upload.offset)
            guard length > 0 else { return 0 }
            upload.bytes.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { memcpy(buffer, base + upload.offset, length) }
            }
            upload.offset += length
            return length
        }

    /// Drops what the server says: it may quote the address.
    private static let ignore:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int =
            { _, size, count, _ in size * count }

    private static func transfer(_ bytes: [UInt8], to address: MailAddress, _ server: MailServer) throws {
        guard let handle = curl_easy_init() else { throw MailError(reply: 0, code: .internalFailure) }
        defer { curl_easy_cleanup(handle) }
        guard let recipients = curl_slist_append(nil, "<\(address.text)>") else {
            throw MailError(reply: 0, code: .internalFailure)
        }
        defer { curl_slist_free_all(recipients) }
        let upload = Upload(bytes)
        let code = withExtendedLifetime(upload) { () -> CURLcode in
            guard apply(upload, recipients, to: handle, server) else { return CURLE_FAILED_INIT }
            return curl_easy_perform(handle)
        }
        var reply = 0
        bk_curl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &reply)
        guard code != CURLE_OK else { return }
        throw MailError(reply: reply, code: classify(code))
    }

    private static func apply(
        _ upload: Upload, _ recipients: UnsafeMutablePointer<curl_slist>, to handle: UnsafeMutableRawPointer,
        _ server: MailServer
    ) -> Bool {
        var codes: [CURLcode] = []
        func text(_ option: CURLoption, _ value: String) { codes.append(bk_curl_setopt_string(handle, option, value)) }
        func number(_ option: CURLoption, _ value: Int) { codes.append(bk_curl_setopt_long(handle, option, value)) }
        // The path is what the client calls itself in EHLO.
        text(CURLOPT_URL, "\(server.url)/\(server.from.domain)")
        text(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        text(CURLOPT_PROXY, "")
        text(CURLOPT_MAIL_FROM, "<\((server.bounce ?? server.from).text)>")
        codes.append(bk_curl_setopt_list(handle, CURLOPT_MAIL_RCPT, recipients))
        number(CURLOPT_USE_SSL, Int((server.allowsPlainText ? CURLUSESSL_TRY : CURLUSESSL_ALL).rawValue))
        number(CURLOPT_SSL_VERIFYPEER, 1)
        number(CURLOPT_SSL_VERIFYHOST, 2)
        number(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_UPLOAD, 1)
        number(CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        number(CURLOPT_TIMEOUT_MS, max(1, Int(server.deadline / .milliseconds(1))))
        if let file = server.certificateAuthorities { text(CURLOPT_CAINFO, file) }
        if let user = server.user, let password = server.password {
            text(CURLOPT_USERNAME, user)
            text(CURLOPT_PASSWORD, password)
        }
        codes.append(bk_curl_setopt_write(handle, CURLOPT_READFUNCTION, read))
        codes.append(
            bk_curl_setopt_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(upload).toOpaque()))
        codes.append(bk_curl_setopt_write(handle, CURLOPT_WRITEFUNCTION, ignore))
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private static func classify(_ code: CURLcode) -> DeliveryError.Code {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
        case CURLE_COULDNT_CONNECT: .connectFailed
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE:
            .tlsFailed
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_LOGIN_DENIED, CURLE_QUOTE_ERROR: .protocolViolation
        default: .internalFailure
        }
    }
}
