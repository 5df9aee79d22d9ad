import ArgumentParser
import DisclosureService
import ServiceKit

/// The disclosure service's executable: only wires the library to the command line.
@main
enum Main {
    static func main() async { await ServiceCommand<DisclosureService>.main() }
}
