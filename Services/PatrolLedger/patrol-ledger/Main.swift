import PatrolLedgerService
import ServiceKit

@main enum Main {
    static func main() async { await ServiceCommand<PatrolLedgerService>.main() }
}
