/// The text of `inventory.yaml`, built in.
public enum PersonalDataInventoryFile {
    public static var text: String { String(decoding: PackageResources.inventory_yaml, as: UTF8.self) }
}
