/// What a player of a recording is given.
enum ServedRecording: Sendable {
    case playlist(String)
    /// MPEG-TS.
    case segment([UInt8])
}
