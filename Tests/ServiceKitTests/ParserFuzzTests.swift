import Hummingbird
import TestSupport
import Testing

@testable import ServiceKit

/// Bodies and headers as nobody honest sends them: refused with a problem, or read as text that a table can take.
struct ParserFuzzTests {
    @Test func forms() {
        let multipart = """
            --b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\ntoken\r\n--b\r\n\
            Content-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\nxyz\r\n--b--\r\n
            """
        var bodies = ByteMutation(
            [multipart, multipart + multipart], dictionary: ["--b", "--b--", "\r\n\r\n", "name=\"", "filename=", "\""])
        let read = bodies.count { Self.isRead($0, "multipart/form-data; boundary=b") }
        #expect(read > 0 && read < ByteMutation.rounds)
        var pairs = ByteMutation(["a=1&b=%E6%B1%9F&_csrf=x", "a=&=b&&c"], dictionary: ["&", "=", "%", "+", "%E6"])
        let plain = pairs.count { Self.isRead($0, "application/x-www-form-urlencoded") }
        #expect(plain > 0 && plain < ByteMutation.rounds)
    }

    private static func isRead(_ bytes: [UInt8], _ type: String) -> Bool {
        do {
            let form = try FormData(body: ByteBuffer(bytes: bytes), contentType: type)
            #expect(form.values.allSatisfy { WellFormed.isText($0.name) && WellFormed.isText($0.value) })
            return true
        } catch is Problem {
            return false
        } catch {
            Issue.record("\(error) for \(bytes)")
            return false
        }
    }

    @Test func contentTypesOfForms() {
        var types = ByteMutation(
            ["multipart/form-data; boundary=b", "multipart/form-data; boundary=\"b c\"; charset=utf-8"],
            dictionary: ["boundary=", "\"", ";"])
        _ = types.count { Self.isRead(Array("--b\r\n\r\n\r\n--b--".utf8), String(decoding: $0, as: UTF8.self)) }
    }

    @Test func traceHeadersAndLanguages() {
        var traces = ByteMutation(
            ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"], dictionary: ["-", "ff", "00"])
        _ = traces.count { bytes in
            guard let trace = TraceContext(String(decoding: bytes, as: UTF8.self)) else { return false }
            #expect(TraceContext(trace.header) == trace)
            return true
        }
        var languages = ByteMutation(["zh-CN,zh;q=0.9,en;q=0.8", "en"], dictionary: [";q=", ",", "1e309", "-"])
        _ = languages.count { bytes in
            [.zh, .en].contains(Language(acceptLanguage: String(decoding: bytes, as: UTF8.self)))
        }
    }
}
