import HTTPTypes
import Hummingbird
import ServiceKit

/// A page that goes on by itself. Where a redirect would not do: our cookies are `SameSite=Strict`, so a chain of
/// redirects that began elsewhere does not carry them; and a form may not lead to another site.
enum OnwardPage {
    static func response(_ place: String) -> Response {
        let escaped = place.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
        let html = """
            <!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>明厨亮灶 Bright Kitchen</title>
            <p><a href="\(escaped)">继续 · <span lang="en">Continue</span></a></p></html>
            """
        var response = Response.bytes(Array(html.utf8), contentType: "text/html; charset=utf-8")
        response.headers[.named("Refresh")] = "0; url=\(place)"
        return response
    }
}
