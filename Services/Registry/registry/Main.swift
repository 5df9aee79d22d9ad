import RegistryService
import ServiceKit

@main
enum Main {
    static func main() async {
        await ServiceCommand<RegistryService>.main()
    }
}
