-- What the law wants to be known of a camera besides its place (公共安全视频图像信息系统管理条例 art 8, 14).
CREATE TABLE camera_compliance (
    camera_id text PRIMARY KEY REFERENCES camera,
    -- What identifies the hardware behind the id (serial number, certificate hash …), as the device or a person gave it.
    hardware text,
    -- 预进间: the day on which the privacy statement was signed.
    privacy_statement_on date,
    -- 公安备案: number and day; the reminder is sent once, 30 calendar days after first use.
    filing_number text,
    filed_on date,
    CHECK ((filing_number IS NULL) = (filed_on IS NULL))
);
