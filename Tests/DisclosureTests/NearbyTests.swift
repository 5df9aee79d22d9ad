import Contracts
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

/// Finding canteens by place: distances, both coordinate systems, the map.
struct NearbyTests {
    private struct Slice: Decodable {
        struct Entry: Decodable {
            struct Position: Decodable {
                let latitude: Double
                let coordinateSystem: CoordinateSystem
            }
            let canteenId: String
            let position: Position?
            let distanceM: Int?
        }
        let items: [Entry]
        let total: Int
        let nextCursor: String?
    }

    /// At 0, 1.1 and 11 km north of 22.6, 113.07, and one of which nobody knows where it lies.
    private static func city(_ service: DisclosureService, _ client: ServiceClient) async throws {
        for (id, latitude) in [("canteen-far", 22.7), ("canteen-here", 22.6), ("canteen-near", 22.61)] {
            var event = Story.registered(CanteenID(id), school: "学校\(id)")
            event.latitude = latitude
            event.longitude = 113.07
            event.coordinateSystem = .wgs84
            try await Story.tell(event, to: service, client)
        }
        try await Story.tell(Story.registered(CanteenID("canteen-lost"), school: "未登记位置的学校"), to: service, client)
    }

    @Test func theNearestComeFirstWithTheirDistance() async throws {
        try await DisclosureTest.run { service, client in
            try await Self.city(service, client)
            let near = try await client.get("/disclosure/v1/canteens?near=22.6,113.07").json(Slice.self)
            #expect(near.items.map(\.canteenId) == ["canteen-here", "canteen-near"])
            #expect(near.total == 2)
            #expect(near.items.map(\.distanceM) == [0, 1112])
            // Slice by slice, the far one too.
            var seen: [String] = []
            var path = "/disclosure/v1/canteens?near=22.6,113.07&radius=20000&limit=1"
            while true {
                let slice = try await client.get(path).json(Slice.self)
                #expect(slice.total == 3)
                seen += slice.items.map(\.canteenId)
                guard let cursor = slice.nextCursor else { break }
                path = "/disclosure/v1/canteens?near=22.6,113.07&radius=20000&limit=1&cursor=\(cursor)"
            }
            #expect(seen == ["canteen-here", "canteen-near", "canteen-far"])
            // Who asks for no place is told no distance, and unknown positions stay unknown.
            let all = try await client.get("/disclosure/v1/canteens").json(Slice.self)
            #expect(all.items.allSatisfy { $0.distanceM == nil })
            #expect(all.items.filter { $0.position == nil }.map(\.canteenId) == ["canteen-lost"])
            let page = try await client.page("/disclosure/?near=22.6,113.07").text
            #expect(page.contains("约 1.1 公里") && page.contains("5 公里以内") && !page.contains("未登记位置的学校"))
        }
    }

    @Test func whatIsNoPlaceIsRefusedWithItsField() async throws {
        try await DisclosureTest.run { _, client in
            for (query, code) in [
                ("near=113.07,22.6", "not_a_place"), ("near=22.6", "not_a_place"),
                ("near=22.6,113.07,1", "not_a_place"),
                ("near=1e1,20", "not_a_place"), ("near=22.1234567,113", "not_a_place"), ("near=NaN,0", "not_a_place"),
                ("near=22.6,113.07&radius=99", "not_in_range"), ("radius=500", "place_missing"),
                ("sort=distance", "place_missing"),
            ] {
                let answer = try await client.get("/disclosure/v1/canteens?\(query)")
                #expect(answer.status == .unprocessableContent && answer.problemCode == code, "\(query)")
            }
        }
    }

    /// Published pairs of the same points in WGS-84 and GCJ-02: Shanghai, Shenzhen, Beijing.
    @Test(arguments: [
        (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
        (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
        (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
    ])
    func shiftedPositionsAreTakenBack(_ pair: (Double, Double, Double, Double)) throws {
        let stated = try #require(Position(latitude: pair.2, longitude: pair.3, system: .gcj02))
        #expect(abs(stated.wgs84.latitude - pair.0) < 0.00001 && abs(stated.wgs84.longitude - pair.1) < 0.00001)
        let plain = try #require(Position(latitude: pair.0, longitude: pair.1, system: .wgs84))
        #expect(plain.wgs84 == Place(latitude: pair.0, longitude: pair.1))
    }

    @Test func theMapShowsEveryPositionAndSaysWhatItCannotShow() async throws {
        try await DisclosureTest.run { service, client in
            let nothing = try await client.page("/disclosure/map").text
            #expect(nothing.contains("都还没有登记位置") && !nothing.contains("map__dot--"))
            try await Self.city(service, client)
            let map = try await client.page("/disclosure/map").text
            #expect(map.components(separatedBy: "map__dot--").count == 4)
            #expect(map.contains("图上 3 间食堂") && map.contains("另有 1 间尚未登记位置") && map.contains("蓬江区"))
            #expect(map.contains("/disclosure/canteens/canteen-far"))
            #expect(try await client.page("/disclosure/map?division=440781").text.contains("都还没有登记位置"))
            #expect(try await client.page("/disclosure/map?division=999999").status == .unprocessableContent)
            let page = try await client.page("/disclosure/canteens/canteen-near").text
            #expect(page.contains("geo:22.61,113.07") && page.contains("GeoCoordinates"))
        }
    }
}
