import Testing

@testable import Journal

@Suite struct TilePathTests {
    @Test(arguments: [
        ("checkpoint", TilePath.checkpoint),
        ("tile/0/000", .hashes(level: 0, index: 0, width: 256)),
        ("tile/0/000.p/1", .hashes(level: 0, index: 0, width: 1)),
        ("tile/3/999.p/255", .hashes(level: 3, index: 999, width: 255)),
        // The example of the specification: tile number 1,234,067.
        ("tile/0/x001/x234/067", .hashes(level: 0, index: 1_234_067, width: 256)),
        ("tile/63/x001/000.p/17", .hashes(level: 63, index: 1000, width: 17)),
        ("tile/entries/x001/x234/067.p/8", .entries(index: 1_234_067, width: 8)),
        ("tile/entries/000", .entries(index: 0, width: 256)),
    ])
    func bothWays(path: String, tile: TilePath) {
        #expect(TilePath(path: path) == tile)
        #expect(tile.path == path)
    }

    @Test(arguments: [
        "", "/checkpoint", "checkpoint/", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/64/000",
        "tile/00/000", "tile/-1/000", "tile/x/000", "tile/0/x001", "tile/0/001/000", "tile/0/x001/x000",
        "tile/0/x000/001", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000.p/+1", "tile/0/000/1", "tile/data/000", "tile/0/٠٠٠", "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/../000", "tile/0/000%00",
    ])
    func refused(path: String) {
        #expect(TilePath(path: path) == nil)
    }
}
