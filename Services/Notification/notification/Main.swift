import NotificationService
import ServiceKit

@main
enum Main {
    static func main() async { await ServiceCommand<NotificationService>.main() }
}
