import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// The version of a row: a digest of what it says. Two people who change the same row cannot overwrite each other unseen.
enum RowVersion {
    static func tag(_ row: MasterRow, _ table: ListTable) throws -> String {
        let digest = SHA256.hash(data: Data(try BrightJSON.encode(row.document(table))))
        return "\"" + Data(digest.prefix(18)).base64EncodedString() + "\""
    }

    /// 428 without `If-Match`, 412 when the row is no longer what the client saw.
    static func check(_ given: String?, _ current: String) throws {
        guard let given else {
            throw Problem(
                .preconditionRequired, code: "precondition_required",
                detail: LocalizedText(
                    zh: "请带上读取时得到的版本（If-Match）。", en: "Send the version that you read (If-Match)."),
                field: "If-Match", allowed: "ETag")
        }
        let tags = given.split(separator: ",").map { $0.filter { $0 != " " } }
        guard tags.contains(current) else {
            throw Problem(
                .preconditionFailed, code: "changed_meanwhile",
                detail: LocalizedText(
                    zh: "这条记录已被他人修改，请重新读取后再改。", en: "Somebody else has changed this record. Read it again first."),
                field: "If-Match")
        }
    }
}
