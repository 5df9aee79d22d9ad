import CRDKafka
import Foundation

/// Says why a broker's certificate is refused: librdkafka itself only says that it is.
enum CertificateRefusal {
    /// Lets OpenSSL's judgement stand and gives it words.
    static func install(_ object: OpaquePointer) {
        rd_kafka_conf_set_ssl_cert_verify_cb(object) { _, broker, _, code, _, _, _, text, size, _ in
            guard let code, code.pointee != 0 else { return 1 }
            let name = broker.map { String(cString: $0) } ?? "?"
            let message = "the certificate of \(name) is refused: \(CertificateRefusal.reason(code.pointee))"
            CertificateRefusal.write(message, to: text, size)
            return 0
        }
    }

    /// OpenSSL's numbers (X509_V_ERR_…), those that an operator meets.
    private static func reason(_ code: Int32) -> String {
        switch code {
        case 9: "it is not valid yet (is the clock right?)"
        case 10: "it has expired"
        case 18: "it is signed by itself and not in KAFKA_CA_FILE"
        case 19: "its authority is signed by itself and not in KAFKA_CA_FILE"
        case 2, 20, 21: "no authority in KAFKA_CA_FILE has signed it"
        case 23: "it has been revoked"
        case 26: "it is not meant for a server"
        case 62, 64: "it is for another host"
        case let other: "OpenSSL's X509_V_ERR \(other)"
        }
    }

    private static func write(_ message: String, to text: UnsafeMutablePointer<CChar>?, _ size: Int) {
        guard let text, size > 0 else { return }
        let bytes = message.utf8.prefix(size - 1)
        for (index, byte) in bytes.enumerated() { text[index] = CChar(bitPattern: byte) }
        text[bytes.count] = 0
    }
}
