import Contracts

extension ProjectionStore.CanteenRow {
    /// Without a licence a canteen does not operate, and nobody watches it.
    init(_ event: CanteenPlanned) {
        self.init(
            facts: CanteenFacts(
                canteenId: event.canteenId, schoolId: event.schoolId, name: event.name, schoolName: event.schoolName,
                isCaterer: event.isCaterer, divisionCode: event.divisionCode, stationOrganId: event.stationOrganId,
                countyOrganId: event.countyOrganId, cityOrganId: event.cityOrganId,
                supervisingOrganId: event.supervisingOrganId, supervisingDepartment: event.supervisingDepartment,
                operating: false, licenceRevoked: false), licenceNumber: nil)
    }

    init(_ event: CanteenRegistered) {
        self.init(
            facts: CanteenFacts(
                canteenId: event.canteenId, schoolId: event.schoolId, name: event.name, schoolName: event.schoolName,
                isCaterer: event.isCaterer, divisionCode: event.divisionCode, stationOrganId: event.stationOrganId,
                countyOrganId: event.countyOrganId, cityOrganId: event.cityOrganId,
                supervisingOrganId: event.supervisingOrganId, supervisingDepartment: event.supervisingDepartment,
                operating: event.operating, licenceRevoked: false), licenceNumber: event.licenceNumber)
    }

    init(_ event: CanteenChanged) {
        self.init(
            facts: CanteenFacts(
                canteenId: event.canteenId, schoolId: event.schoolId, name: event.name, schoolName: event.schoolName,
                isCaterer: event.isCaterer, divisionCode: event.divisionCode, stationOrganId: event.stationOrganId,
                countyOrganId: event.countyOrganId, cityOrganId: event.cityOrganId,
                supervisingOrganId: event.supervisingOrganId, supervisingDepartment: event.supervisingDepartment,
                operating: event.operating, licenceRevoked: false), licenceNumber: event.licenceNumber)
    }
}

extension CameraFacts {
    init(_ event: CameraRegistered) {
        self.init(
            cameraId: event.cameraId, canteenId: event.canteenId, schoolId: event.schoolId, gbId: event.gbId,
            name: event.name, zone: event.zone, isAnteroom: event.isAnteroom, status: event.status)
    }

    init(_ event: CameraStatusChanged) {
        self.init(
            cameraId: event.cameraId, canteenId: event.canteenId, schoolId: event.schoolId, gbId: event.gbId,
            name: event.name, zone: event.zone, isAnteroom: event.isAnteroom, status: event.status)
    }
}
