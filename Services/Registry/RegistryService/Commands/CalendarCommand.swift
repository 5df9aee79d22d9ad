import ArgumentParser

/// `registry calendar`: the working-day calendar.
struct CalendarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar", abstract: "Load yearly holiday notices; explain deadlines in working days.",
        subcommands: [CalendarLoadCommand.self, CalendarShowCommand.self, CalendarDeadlineCommand.self])
}
