import Hummingbird
import ServiceKit

/// Makes the representatives' page installable on a phone.
struct WebManifest: Sendable {
    private static let json = """
        {"name":"明厨亮灶 · 家长代表","short_name":"明厨亮灶","lang":"zh-CN","start_url":"/parent/","scope":"/parent/",\
        "display":"standalone","background_color":"#ffffff","theme_color":"#0f5f4c",\
        "icons":[{"src":"/parent/assets/icon.svg","sizes":"any","type":"image/svg+xml","purpose":"any"}]}
        """

    func declare(_ routes: Routes) {
        routes.get("/manifest.webmanifest", .public) { _, _ in
            Response.bytes(
                Array(Self.json.utf8), contentType: "application/manifest+json; charset=utf-8",
                cacheControl: "public, max-age=3600")
        }
    }
}
