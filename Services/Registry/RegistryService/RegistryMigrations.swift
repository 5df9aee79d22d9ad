import Postgres

/// The service's own tables, after the journal's.
enum RegistryMigrations {
    static let all: [Migration] = [
        Migration(name: "V001_init", bytes: PackageResources.V001_init_sql),
        Migration(name: "V002_accounts", bytes: PackageResources.V002_accounts_sql),
        Migration(name: "V010_access", bytes: PackageResources.V010_access_sql),
        Migration(name: "V011_camera_compliance", bytes: PackageResources.V011_camera_compliance_sql),
        Migration(name: "V020_telemetry", bytes: PackageResources.V020_telemetry_sql),
        Migration(name: "V021_telemetry_lease", bytes: PackageResources.V021_telemetry_lease_sql),
        Migration(name: "V012_access_retention", bytes: PackageResources.V012_access_retention_sql),
        Migration(name: "V030_master", bytes: PackageResources.V030_master_sql),
        Migration(name: "V040_identity", bytes: PackageResources.V040_identity_sql),
        Migration(name: "V041_appointment_end", bytes: PackageResources.V041_appointment_end_sql),
        Migration(name: "V050_sealed_names", bytes: PackageResources.V050_sealed_names_sql),
        Migration(name: "V068_position", bytes: PackageResources.V068_position_sql),
        Migration(name: "V069_filing_reminder", bytes: PackageResources.V069_filing_reminder_sql),
        Migration(name: "V070_licence_optional", bytes: PackageResources.V070_licence_optional_sql),
    ]
}
