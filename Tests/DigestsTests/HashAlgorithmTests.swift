import Digests
import Testing

struct HashAlgorithmTests {
    /// GB/T 32905-2016 appendix A, and the lengths around a block as OpenSSL 3.0.19 computes them.
    @Test(arguments: [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (String(repeating: "abcd", count: 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        ("", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (String(repeating: "a", count: 55), "288337eef51eec62e7544d7270424c8dbe656254c99852870a73b2453a6a7fb1"),
        (String(repeating: "a", count: 56), "ba00ebedaab54065a5fd4f9f56326016203166bcee3eed44ea868d59d67aa3c8"),
        (String(repeating: "a", count: 63), "587308543551881ebd70d27ad358ff5dcdf24ac54822e2f7b7c3edce0985d21b"),
        (String(repeating: "a", count: 65), "3d1d94afa238ec3e2bbc20ad504702b24c16f2889c94973f2f8da3526c44e4bc"),
        (String(repeating: "a", count: 1_000), "f4bedca973227d45c5b822551d2e762d4cfb0e9af70b241452545727b5fb046f"),
    ])
    func sm3(text: String, hex: String) {
        #expect(NamedDigest(of: text.utf8, .sm3).description == "sm3:\(hex)")
    }

    @Test func sha256() {
        #expect(
            NamedDigest(of: "abc".utf8, .sha256).description
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func aDigestIsCheckedByTheAlgorithmThatItNames() throws {
        for algorithm in HashAlgorithm.allCases {
            let read = try #require(NamedDigest(NamedDigest(of: [1, 2, 3], algorithm).description))
            #expect(read.algorithm == algorithm && read.matches([1, 2, 3]) && !read.matches([1, 2, 4]))
        }
        let hex = String(repeating: "0", count: 64)
        for text in ["", hex, "md5:\(hex)", "sha256:", "sha256:\(hex)0", "sm3:\(hex.dropLast())G", "SM3:\(hex)"] {
            #expect(NamedDigest(text) == nil, "\(text)")
        }
    }
}
