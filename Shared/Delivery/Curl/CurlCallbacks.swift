import CCurl

/// The C functions libcurl calls on the loop's thread; `context` is the unretained `CurlTransfer`, which the loop keeps
/// alive until the handle has left the multi handle.
enum CurlCallbacks {
    static let body: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        pointer, size, count, context in
        receive(pointer, size * count, context) { $0.append($1) }
    }

    static let header: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        pointer, size, count, context in
        receive(pointer, size * count, context) { $0.appendHeader($1) }
    }

    static let openSocket:
        @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t =
            {
                context, purpose, address in
                guard let context, let address, purpose == CURLSOCKTYPE_IPCXN else { return -1 }
                return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().openSocket(address)
            }

    /// Anything but `length` makes libcurl abort the transfer.
    private static func receive(
        _ pointer: UnsafeMutablePointer<CChar>?, _ length: Int, _ context: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Int {
        guard length > 0 else { return 0 }
        guard let pointer, let context else { return -1 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        return pointer.withMemoryRebound(to: UInt8.self, capacity: length) {
            take(transfer, UnsafeBufferPointer(start: $0, count: length)) ? length : -1
        }
    }
}
