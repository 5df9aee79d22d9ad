import ServiceKit

/// What the page `places` shows: divisions and their townships, for those who do not know the school's name.
struct PlacesModel {
    struct Township {
        let name: String
        let path: String
        let canteens: Int
    }

    struct Place {
        let name: String
        let path: String
        let canteens: String
        let complete: String
        let mean: String
        let townships: [Township]
    }

    let places: [Place]
    let isEmpty: Bool

    init(_ divisions: [DistrictFigures], _ townships: [DistrictFigures], _ words: PortalWords) {
        places = divisions.map { division in
            let path = "/disclosure/?division=\(division.divisionCode)"
            return Place(
                name: words.division(division.divisionCode), path: path,
                canteens: words.text("list.found", ["n": String(division.canteens)]),
                complete: words.text(
                    "compare.share", ["n": String(division.complete), "of": String(division.canteens)]),
                mean: words.text("places.mean", ["n": division.meanPublished]),
                townships: townships.filter { $0.divisionCode == division.divisionCode }.compactMap { township in
                    guard let name = township.township else { return nil }
                    return Township(
                        name: name, path: "\(path)&township=\(PercentEncoding.queryValue(name))",
                        canteens: township.canteens)
                })
        }
        isEmpty = divisions.isEmpty
    }
}
