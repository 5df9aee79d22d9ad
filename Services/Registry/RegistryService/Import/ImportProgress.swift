import Foundation
import Glibc
import Synchronization

/// Progress on standard error: one line rewritten in place on a terminal, a new line every `interval` lines otherwise.
public final class ImportProgress: Sendable {
    static let interval = 5_000

    private struct State {
        var bytes = 0
        var size = 0
        var lines = 0
        var shown = 0
    }

    private let isTerminal: Bool
    private let isSilent: Bool
    private let state = Mutex(State())

    public init(isSilent: Bool = false) {
        self.isSilent = isSilent
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    func begin(size: Int) {
        state.withLock { $0 = State(size: size) }
    }

    func read(bytes: Int) {
        state.withLock { $0.bytes = bytes }
    }

    func advance(_ file: String, lines: Int, refused: Int) {
        let text = state.withLock { state -> String? in
            state.lines += lines
            guard isTerminal || state.lines - state.shown >= Self.interval else { return nil }
            state.shown = state.lines
            let share = state.size > 0 ? "，\(min(100, state.bytes * 100 / state.size))%" : ""
            return "\(file)：已处理 \(state.lines) 行\(share)，拒绝 \(refused) 行"
        }
        guard let text else { return }
        write(isTerminal ? "\r\u{1b}[K" + text : text + "\n")
    }

    /// Takes the line in place away again; the report comes on standard output.
    func finish() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) {
        guard !isSilent else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }
}
