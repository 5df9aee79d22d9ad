import CCurl

/// Options of a transfer, and what its result code means.
enum CurlSetup {
    /// False when libcurl refused an option.
    static func apply(
        _ transfer: CurlTransfer, to handle: UnsafeMutableRawPointer, _ configuration: HTTPClientConfiguration
    ) -> Bool {
        let request = transfer.request
        transfer.policy = configuration.addressPolicy
        transfer.maximumBytes = request.maximumResponseBytes ?? configuration.maximumResponseBytes
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        var accepted = true
        func number(_ option: CURLoption, _ value: Int) {
            accepted = bk_curl_setopt_long(handle, option, value) == CURLE_OK && accepted
        }
        func text(_ option: CURLoption, _ value: String) {
            accepted = bk_curl_setopt_string(handle, option, value) == CURLE_OK && accepted
        }
        func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
            accepted = bk_curl_setopt_pointer(handle, option, value) == CURLE_OK && accepted
        }
        text(CURLOPT_URL, transfer.url.text)
        text(CURLOPT_PROTOCOLS_STR, configuration.allowsPlainHTTP ? "http,https" : "https")
        text(CURLOPT_PROXY, "")
        text(CURLOPT_USERAGENT, configuration.userAgent)
        number(CURLOPT_FOLLOWLOCATION, 0)
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_SSL_VERIFYPEER, 1)
        number(CURLOPT_SSL_VERIFYHOST, 2)
        number(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        number(CURLOPT_TCP_NODELAY, 1)
        number(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(configuration.connectDeadline))
        number(CURLOPT_TIMEOUT_MS, milliseconds(request.deadline ?? configuration.deadline))
        if let file = configuration.certificateAuthorities { text(CURLOPT_CAINFO, file) }
        accepted = bk_curl_setopt_write(handle, CURLOPT_WRITEFUNCTION, CurlCallbacks.body) == CURLE_OK && accepted
        accepted = bk_curl_setopt_write(handle, CURLOPT_HEADERFUNCTION, CurlCallbacks.header) == CURLE_OK && accepted
        accepted = bk_curl_setopt_opensocket(handle, CurlCallbacks.openSocket) == CURLE_OK && accepted
        pointer(CURLOPT_WRITEDATA, context)
        pointer(CURLOPT_HEADERDATA, context)
        pointer(CURLOPT_OPENSOCKETDATA, context)
        pointer(CURLOPT_PRIVATE, context)

        switch request.method {
        case "GET" where request.body.isEmpty: number(CURLOPT_HTTPGET, 1)
        case "HEAD": number(CURLOPT_NOBODY, 1)
        default:
            number(CURLOPT_POST, 1)
            accepted =
                bk_curl_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)) == CURLE_OK
                && accepted
            request.body.withUnsafeBytes { bytes in
                accepted =
                    bk_curl_setopt_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? emptyBody) == CURLE_OK
                    && accepted
            }
            if request.method != "POST" { text(CURLOPT_CUSTOMREQUEST, request.method) }
        }
        // No "Expect: 100-continue": it costs a round trip, and some receivers never answer it.
        for header in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let longer = curl_slist_append(transfer.headerList, header) else { return false }
            transfer.headerList = longer
        }
        accepted = bk_curl_setopt_list(handle, CURLOPT_HTTPHEADER, transfer.headerList) == CURLE_OK && accepted
        return accepted
    }

    static func classify(_ code: CURLcode, _ transfer: CurlTransfer) -> DeliveryError {
        let text = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_CONNECT:
            if let address = transfer.forbiddenAddress {
                return DeliveryError(
                    .addressForbidden, "\(transfer.url.host) resolves to \(address), which is not public")
            }
            return DeliveryError(.connectFailed, text)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return DeliveryError(.nameNotResolved, text)
        case CURLE_OPERATION_TIMEDOUT: return DeliveryError(.timedOut, text)
        case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED:
            guard transfer.overflowed else { return DeliveryError(.internalFailure, text) }
            return DeliveryError(.responseTooLarge, "the response is larger than \(transfer.maximumBytes) bytes")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
            return DeliveryError(.tlsFailed, text)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2_STREAM:
            return DeliveryError(.connectionLost, text)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return DeliveryError(.protocolViolation, text)
        case CURLE_URL_MALFORMAT: return DeliveryError(.invalidRequest, text)
        default: return DeliveryError(.internalFailure, "\(text) (\(code.rawValue))")
        }
    }

    /// Any valid pointer: libcurl takes nil as "no body given" and would then read one from standard input.
    nonisolated(unsafe) private static let emptyBody = UnsafeRawPointer(
        UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))

    /// At least 1: libcurl takes 0 as "no limit".
    private static func milliseconds(_ duration: Duration) -> Int {
        max(1, Int(duration / .milliseconds(1)))
    }
}
