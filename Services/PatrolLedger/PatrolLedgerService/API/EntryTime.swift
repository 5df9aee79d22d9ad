import Calendar
import ServiceKit

/// 填写时间: when a form was really filled in, told by the device (offline.js, corrected to the server's clock); without
/// the script the field is empty.
enum EntryTime {
    static func read(_ form: FormData) throws -> Instant? {
        guard let text = form.optional("entered_at") else { return nil }
        guard let time = Instant(rfc3339: text) else {
            throw Problem.invalid(
                "entered_at", code: "not_a_time", zh: "填写时间的格式不正确。", en: "This is not a time.",
                allowed: "RFC 3339")
        }
        return time
    }
}
