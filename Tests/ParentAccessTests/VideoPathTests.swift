import Contracts
import Testing

@testable import ParentAccessService

@Suite struct VideoPathTests {
    static let session = "01890a5d-ac96-774b-bcce-b302099a8057"

    @Test func playlistAndSegmentAreRead() throws {
        let playlist = try #require(VideoPath(originalURI: "/video/live/\(Self.session)/camera-1/index.m3u8"))
        #expect(playlist.isPlaylist && playlist.cameraId == CameraID("camera-1"))
        #expect(playlist.sessionId == ViewSessionID(Self.session))
        #expect(
            try #require(VideoPath(originalURI: "/video/live/\(Self.session)/camera-1/seg-000123.ts")).isPlaylist
                == false)
    }

    @Test(arguments: [
        "/video/live/\(session)/camera-1/", "/video/live/\(session)/camera-1",
        "/video/live/\(session)/camera-1/index.m3u8/",
        "/video/live/\(session)/camera-1/index.m3u8?x=1", "/video/live/\(session)/camera-1/index.m3u8?",
        "/video/live/\(session)/camera-1/index.m3u8#a", "/video/live/\(session)/camera-1/INDEX.M3U8",
        "/VIDEO/live/\(session)/camera-1/index.m3u8", "/video/live/\(session)/camera-1/%69ndex.m3u8",
        "/video/live/\(session)/../camera-1/index.m3u8", "/video/live/\(session)/camera-1/../camera-2/index.m3u8",
        "/video/live/\(session)/camera-1/..%2fcamera-2%2findex.m3u8", "/video/live/\(session)//camera-1/index.m3u8",
        "//video/live/\(session)/camera-1/index.m3u8", "/video/live/\(session)/camera-1/seg-.ts",
        "/video/live/\(session)/camera-1/seg-1a.ts", "/video/live/\(session)/camera-1/seg-0000000000001.ts",
        "/video/live/\(session)/camera-1/2026-11-23/11-00-00.ts", "/video/live/\(session)/cam%65ra/index.m3u8",
        "/video/live/\(session)/camera 1/index.m3u8", "/video/live/\(session)/./index.m3u8",
        "/video/live/\(session)//index.m3u8",
        "/video/live/\(session.uppercased())/camera-1/index.m3u8", "/video/live/x/camera-1/index.m3u8",
        "/video/live/\(session)/camera-1/index.m3u8\u{0}", "/video/live/\(session)/camera-1\\index.m3u8",
        "/video/live/\(session)/カメラ/index.m3u8", "http://evil/video/live/\(session)/camera-1/index.m3u8", "", "/",
        "/video/record/\(session)/camera-1/index.m3u8",
    ])
    func everythingElseIsRefused(_ uri: String) {
        #expect(VideoPath(originalURI: uri) == nil)
    }
}
