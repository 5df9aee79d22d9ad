/// One column of a master table: its header in files, its name in JSON, and where its value comes from.
struct ListColumn: Sendable {
    enum Form: Sendable {
        case text
        case number
        /// 是 / 否.
        case flag
        /// Words joined by 、.
        case words
        /// YYYY-MM-DD.
        case day
        /// One of these words.
        case choice([String])
        /// A sealed name with the id of its person before it: opened after reading, never filtered or sorted by.
        case sealed(SealedName)
    }

    /// Which table the sealed name rests in.
    enum SealedName: Sendable {
        case account
        case duty
    }

    var isSealed: Bool {
        if case .sealed = form { return true }
        return false
    }

    let header: String
    let field: String
    /// A text expression; NULL = not known.
    let expression: String
    var form = Form.text
}
