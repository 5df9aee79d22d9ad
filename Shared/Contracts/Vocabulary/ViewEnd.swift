/// What ended a view.
public enum ViewEnd: String, Codable, Hashable, CaseIterable, Sendable {
    /// the viewer left.
    case closedByViewer = "closed_by_viewer"
    /// no segment was fetched for a while.
    case idle
    /// the time window ended.
    case windowEnd = "window_end"
    /// the grant was revoked.
    case revoked
    /// the session or account expired.
    case expired
    /// the licence of the canteen was revoked.
    case licenceRevoked = "licence_revoked"
    /// the camera is not active any more.
    case cameraUnavailable = "camera_unavailable"
    /// the account opened another stream.
    case replaced
}
