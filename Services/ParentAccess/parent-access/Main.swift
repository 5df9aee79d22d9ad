import ParentAccessService
import ServiceKit

@main enum Main {
    static func main() async {
        await ServiceCommand<ParentAccess>.main()
    }
}
