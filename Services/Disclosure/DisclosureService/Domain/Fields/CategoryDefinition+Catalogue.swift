/// The nine categories (art 6; domain §6) as data.
extension CategoryDefinition {
    private static let kept: Set<Audience> = [.school, .regulator]
    private static let notPublic: Set<Audience> = [.parent, .school, .regulator]

    static let licence = CategoryDefinition(
        category: .d1, owner: .registry,
        fields: [
            FieldDefinition("number", "许可证编号", "Licence number", .text(maximum: 20)),
            FieldDefinition("holder", "经营者", "Holder", .text(maximum: 100)),
            FieldDefinition("premises", "食堂", "Canteen", .text(maximum: 100)),
            FieldDefinition("issued_on", "发证日期", "Issued on", .date),
            FieldDefinition("valid_to", "有效期至", "Valid to", .date),
            FieldDefinition(
                "caterer_number", "供餐单位许可证编号", "Licence of the caterer", .text(maximum: 20), required: false),
            FieldDefinition("revoked_on", "失效日期", "Revoked on", .date, required: false),
            FieldDefinition(
                "revocation", "失效方式", "Kind of revocation",
                .choice([
                    FieldChoice("revoked", "吊销", "revoked"), FieldChoice("cancelled", "注销", "cancelled"),
                    FieldChoice("withdrawn", "撤销", "withdrawn"),
                ]), required: false),
        ], isSingle: true, allowsNotApplicable: false,
        validity: Bilingual("至许可证有效期止", "to the end of the licence"), source: "art 6(1)")

    static let rating = CategoryDefinition(
        category: .d2, owner: .regulator,
        fields: [
            FieldDefinition(
                "dynamic_grade", "动态等级", "Dynamic grade",
                .choice([
                    FieldChoice("excellent", "优秀", "excellent"), FieldChoice("good", "良好", "good"),
                    FieldChoice("fair", "一般", "fair"),
                ])),
            FieldDefinition(
                "annual_grade", "年度等级", "Annual grade",
                .choice([FieldChoice("A", "A", "A"), FieldChoice("B", "B", "B"), FieldChoice("C", "C", "C")]),
                required: false),
            // Whether the score itself is shown is for the city to decide (domain §8, 19).
            FieldDefinition(
                "score", "评分", "Score", .integer(0...100), required: false, audiences: kept, unit: "points"),
            FieldDefinition("assessed_on", "评定日期", "Assessed on", .date),
            FieldDefinition("organ", "评定机关", "Organ", .text(maximum: 60)),
            FieldDefinition("remark", "说明", "Remark", .text(maximum: 500), required: false),
        ], isSingle: true, allowsNotApplicable: true,
        validity: Bilingual("至下一次评定，最长 12 个月", "until the next assessment, 12 months at most"), source: "art 6(2)")

    static let pledge = CategoryDefinition(
        category: .d3, owner: .school,
        fields: [
            FieldDefinition("statement", "承诺内容", "Pledge", .text(maximum: 2000)),
            FieldDefinition("signer", "承诺人", "Signed by", .person),
            FieldDefinition("post", "职务", "Post", .text(maximum: 30)),
            FieldDefinition("signed_on", "签署日期", "Signed on", .date),
            FieldDefinition("document", "签名文件", "Signed document", .files(maximum: 3), required: false),
        ], isSingle: true, allowsNotApplicable: false,
        validity: Bilingual("本学年（至次年或当年 8 月 31 日）", "the school year (to 31 August)"), source: "art 6(3)")

    static let officers = CategoryDefinition(
        category: .d4, owner: .school,
        fields: [
            FieldDefinition("name", "姓名", "Name", .person),
            FieldDefinition(
                "post", "岗位", "Post",
                .choice([
                    FieldChoice("director", "食品安全总监", "food safety director"),
                    FieldChoice("officer", "食品安全员", "food safety officer"),
                ])),
            FieldDefinition("qualification", "培训考核情况", "Training and examination", .text(maximum: 200)),
            FieldDefinition("examined_on", "考核日期", "Examined on", .date),
            FieldDefinition("certificate", "证明", "Certificate", .files(maximum: 2), required: false, audiences: kept),
        ], isSingle: false, allowsNotApplicable: false,
        validity: Bilingual("至人员变动", "until the person changes"), source: "art 6(4)")

    static let health = CategoryDefinition(
        category: .d5, owner: .school,
        fields: [
            FieldDefinition("name", "姓名", "Name", .person),
            FieldDefinition("post", "岗位", "Post", .text(maximum: 30)),
            FieldDefinition("issued_on", "健康证发证日期", "Certificate issued on", .date, audiences: kept),
            FieldDefinition("valid_to", "健康证有效期至", "Certificate valid to", .date),
            FieldDefinition(
                "certificate", "健康证照片", "Picture of the certificate", .files(maximum: 2), required: false,
                audiences: kept),
            FieldDefinition("remark", "备注", "Remark", .text(maximum: 200), required: false, audiences: kept),
        ], isSingle: false, allowsNotApplicable: false,
        validity: Bilingual("健康证有效期，最长 1 年", "the certificate's, one year at most"), source: "art 6(5)")

    static let additives = CategoryDefinition(
        category: .d6, owner: .school,
        fields: [
            FieldDefinition("name", "添加剂名称", "Additive", .text(maximum: 60)),
            FieldDefinition("purpose", "用途（食品品种）", "Used for", .text(maximum: 100)),
            FieldDefinition("limit", "最大使用量（GB 2760）", "Limit (GB 2760)", .decimal, unit: "g/kg"),
            FieldDefinition("amount", "实际使用量", "Amount used", .decimal, unit: "g/kg"),
            FieldDefinition("keeper", "保管人", "Keeper", .person),
            FieldDefinition("month", "使用月份", "Month", .month),
        ], isSingle: false, allowsNotApplicable: true, validity: Bilingual("当月", "the month"), source: "art 6(6)")

    static let purchases = CategoryDefinition(
        category: .d7, owner: .school,
        fields: [
            FieldDefinition("supplier", "供货单位", "Supplier", .text(maximum: 100)),
            FieldDefinition("item", "品名", "Item", .text(maximum: 60)),
            FieldDefinition("batch", "批号", "Batch", .text(maximum: 40)),
            FieldDefinition("received_on", "进货日期", "Received on", .date),
            FieldDefinition("keep_by", "保质期至", "Shelf life ends", .date, required: false),
            FieldDefinition("quantity", "数量", "Quantity", .text(maximum: 30)),
            FieldDefinition("tickets", "票证", "Tickets", .files(maximum: 6), required: false),
            FieldDefinition("ticket_numbers", "票证编号", "Numbers of the tickets", .text(maximum: 200)),
        ], isSingle: false, allowsNotApplicable: true,
        validity: Bilingual(
            "保质期满后 6 个月，且不少于进货后 2 年", "6 months after the shelf life, and 2 years after receipt at least"),
        source: "art 6(7)")

    static let inspections = CategoryDefinition(
        category: .d8, owner: .regulator,
        fields: [
            FieldDefinition("inspected_on", "检查日期", "Inspected on", .date),
            FieldDefinition("organ", "检查机关", "Organ", .text(maximum: 60)),
            FieldDefinition(
                "result", "检查结果", "Result",
                .choice([
                    FieldChoice("no_problem", "未发现问题", "no problem found"),
                    FieldChoice("put_right", "发现问题，已当场整改", "found and put right at once"),
                    FieldChoice("ordered", "责令限期整改", "ordered to put right"),
                    FieldChoice("case", "立案查处", "referred to a case"),
                ])),
            FieldDefinition("result_on", "结果作出日期", "Result given on", .date),
            FieldDefinition("items", "检查内容和发现", "What was checked and found", .text(maximum: 2000)),
            FieldDefinition("document", "检查文书", "Document", .files(maximum: 3), required: false, audiences: kept),
        ], isSingle: false, allowsNotApplicable: true, validity: Bilingual("公示 3 年", "shown for 3 years"),
        source: "art 6(8)")

    static let selfChecks = CategoryDefinition(
        category: .d9, owner: .school,
        fields: [
            FieldDefinition(
                "period", "频次", "Period",
                .choice([
                    FieldChoice("daily", "日管控", "daily"), FieldChoice("weekly", "周排查", "weekly"),
                    FieldChoice("monthly", "月调度", "monthly"),
                ])),
            FieldDefinition("date", "自查日期（周、月填最后一天）", "Day (last day of the week or month)", .date),
            FieldDefinition(
                "found", "是否发现问题", "Problems found",
                .choice([FieldChoice("no", "未发现问题", "no problem found"), FieldChoice("yes", "发现问题", "problems found")])),
            FieldDefinition("findings", "发现的问题", "What was found", .text(maximum: 1000), required: false),
            FieldDefinition("measures", "处理措施", "What was done", .text(maximum: 1000), required: false),
            FieldDefinition("checker", "检查人", "Checked by", .person),
            FieldDefinition("photos", "照片", "Photographs", .files(maximum: 6), required: false, audiences: notPublic),
        ], isSingle: false, allowsNotApplicable: false,
        validity: Bilingual(
            "日报 7 天、周报 14 天、月报 62 天内为最新", "up to date for 7 days (daily), 14 (weekly), 62 (monthly)"),
        source: "art 6(9), art 8")
}
