import Foundation
import PersonalData
import Testing

struct SealingTests {
    static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    static func keys(_ lines: String) throws -> PersonalDataKeys {
        try #require(PersonalDataKeys(lines: lines, lookupKey: key(9)))
    }

    private let place = SealedPlace("person", "name", row: "p-1")

    @Test func aSealedNameShowsNothingAndOpensInItsPlaceOnly() throws {
        let keys = try Self.keys("k1:\(Self.key(1))")
        let sealed = try keys.seal("张三丰", at: place)
        #expect(sealed.rawValue.hasPrefix("a256gcm:k1:"))
        #expect(try keys.seal("张三丰", at: place) != sealed, "a nonce of its own every time")
        #expect("\(sealed)" == "sealed(k1)")
        #expect(try keys.open(sealed, at: place) == "张三丰")
        for other in [
            SealedPlace("person", "name", row: "p-2"), SealedPlace("person", "login", row: "p-1"),
            SealedPlace("perso", "nname", row: "p-1"),
        ] {
            #expect(throws: PersonalDataError.doesNotOpen(other)) { try keys.open(sealed, at: other) }
        }
    }

    @Test func aChangedBitOrAnotherKeyDoesNotOpen() throws {
        let keys = try Self.keys("k1:\(Self.key(1))")
        let sealed = try keys.seal("13812341234", at: place)
        var box = try #require(Data(base64Encoded: String(sealed.rawValue.dropFirst("a256gcm:k1:".count))))
        for index in box.indices {
            box[index] ^= 1
            let changed = try #require(SealedText(rawValue: "a256gcm:k1:" + box.base64EncodedString()))
            #expect(throws: PersonalDataError.doesNotOpen(place)) { try keys.open(changed, at: place) }
            box[index] ^= 1
        }
        let sameName = try Self.keys("k1:\(Self.key(2))")
        #expect(throws: PersonalDataError.doesNotOpen(place)) { try sameName.open(sealed, at: place) }
        let others = try Self.keys("k2:\(Self.key(1))")
        #expect(throws: PersonalDataError.unknownKey(id: "k1")) { try others.open(sealed, at: place) }
    }

    @Test func theFirstKeySealsAndAllOpen() throws {
        let old = try Self.keys("k1:\(Self.key(1))")
        let sealed = try old.seal("李四", at: place)
        let both = try Self.keys("# rotated\n\nk2:\(Self.key(2))\r\nk1:\(Self.key(1))\n")
        #expect(try both.open(sealed, at: place) == "李四")
        #expect(try both.seal("李四", at: place).rawValue.hasPrefix("a256gcm:k2:"))
    }

    @Test(arguments: [
        "", "k1", "k1:", "k1:AAAA", "K1:\(key(1))", ":\(key(1))", "k 1:\(key(1))", "k1:\(key(1))\nk1:\(key(2))",
        "k1:\(key(1))\nnonsense",
    ])
    func unusableKeyFilesAreRefused(lines: String) {
        #expect(PersonalDataKeys(lines: lines, lookupKey: Self.key(9)) == nil)
    }

    @Test func lookupNeedsItsOwnKey() throws {
        #expect(PersonalDataKeys(lines: "k1:\(Self.key(1))", lookupKey: "short") == nil)
        let keys = try Self.keys("k1:\(Self.key(1))")
        let hash = keys.lookupHash("13812341234", domain: "mobile-number")
        #expect(hash.count == 32)
        #expect(hash == (try Self.keys("k2:\(Self.key(2))")).lookupHash("13812341234", domain: "mobile-number"))
        #expect(hash != keys.lookupHash("13812341234", domain: "login"))
        let other = try #require(PersonalDataKeys(lines: "k1:\(Self.key(1))", lookupKey: Self.key(8)))
        #expect(hash != other.lookupHash("13812341234", domain: "mobile-number"))
    }

    @Test(arguments: ["plain", "a256gcm:k1", "a256gcm:K1:AAAA", "a256gcm:k1:*", "sm4:k1:AAAA", "张三"])
    func plainTextIsNotSealedText(text: String) {
        #expect(SealedText(rawValue: text) == nil)
    }

    @Test(arguments: [("张三丰", "张*"), ("张", "张*"), ("欧阳修", "欧阳*"), ("欧阳", "欧*"), ("", "*")])
    func onlyTheSurnameIsPublic(name: String, masked: String) {
        #expect(Masking.masked(name: name) == masked)
        #expect(Masking.name(name, for: .everyone) == masked)
        #expect(Masking.name(name, for: .supervisor) == name)
    }

    @Test func numbersAreMaskedByAudience() {
        let number = "13812341234"
        #expect(Masking.mobileNumber(number, for: .subject) == number)
        #expect(Masking.mobileNumber(number, for: .keeper) == number)
        #expect(Masking.mobileNumber(number, for: .supervisor) == "138****1234")
        #expect(Masking.mobileNumber(number, for: .everyone) == nil)
        #expect(Masking.masked(mobileNumber: "020-123") == "****")
    }
}
