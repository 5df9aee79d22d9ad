import Access
import Contracts
import ServiceKit

extension BrightContext {
    /// Whoever keeps the register, patrols or belongs to the school may see a canteen's entry; others get 404.
    func requireVisible(_ resource: Resource) throws {
        guard may(.seeRegister, on: resource, intent: .read) else {
            _ = try requirePrincipal()
            throw Problem.notFound
        }
    }
}
