import Contracts
import Hummingbird
import ServiceKit

/// Figures of the divisions, for comparison.
struct DistrictAPI: Sendable {
    private struct Figures: Encodable {
        let divisionCode: String
        let name: String
        let canteens: Int
        let complete: Int
        let graded: Int
        let openProblems: Int
        /// Mean number of published categories, one decimal; absent with fewer than three canteens.
        let meanPublished: String?

        init(_ figures: DistrictFigures) {
            divisionCode = figures.divisionCode
            name = Division.named(figures.divisionCode)?.zh ?? figures.divisionCode
            canteens = figures.canteens
            complete = figures.complete
            graded = figures.graded
            openProblems = figures.openProblems
            meanPublished = figures.canteens >= DistrictFigures.fewest ? figures.meanPublished : nil
        }
    }

    private struct List: Encodable {
        let items: [Figures]
        let total: Int
    }

    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/v1/districts", .public) { request, _ in
            _ = try OpenDataQuery(request, known: [])
            let figures = try await DistrictFigures.all(runtime.pool).map(Figures.init)
            return try OpenDataAnswer.json(List(items: figures, total: figures.count), request)
        }
    }
}
