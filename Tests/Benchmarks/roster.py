"""A roster and a camera list of a city's size, in the shape that a bureau exports (docs/registry-data.md): invented institutions,
valid check digits, the same bytes for the same size. `python3 roster.py CANTEENS CAMERAS FOLDER` writes roster.csv, cameras.csv."""
import csv
import pathlib
import sys

DIVISIONS = {
    "440703": ["白沙街道", "潮连街道"], "440704": ["江南街道", "外海街道"], "440705": ["会城街道", "大泽镇"],
    "440781": ["台城街道", "大江镇"], "440783": ["长沙街道", "塘口镇"], "440784": ["沙坪街道", "雅瑶镇"],
    "440785": ["恩城街道", "君堂镇"],
}
NAMES = {"440703": "蓬江区", "440704": "江海区", "440705": "新会区", "440781": "台山市", "440783": "开平市", "440784": "鹤山市",
         "440785": "恩平市"}
ZONES = ["食品仓库", "粗加工制作区", "烹饪区", "专间备餐间", "餐用具洗消区", "面点间"]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(division, number):
    """GB 32100-2015, with the organisation code's own check (GB 11714)."""
    digits = f"{10_000_000 + number:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(digits, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    text = f"12{division}{digits}{'X' if rest == 10 else '0' if rest == 11 else rest}"
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return text + ALPHABET[(31 - total % 31) % 31]


def licence(division, number):
    """JY, form 3 (unit canteen), division, sequence, check digit of GB/T 17710 MOD 11,10."""
    digits, product = f"3{division}{number:06d}", 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return f"JY{digits}{(11 - product) % 10}"


def write(canteens, cameras, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    divisions = sorted(DIVISIONS)
    with (open(folder / "roster.csv", "w", encoding="gb18030", newline="") as roster,
          open(folder / "cameras.csv", "w", encoding="gb18030", newline="") as list_):
        lines, views = csv.writer(roster), csv.writer(list_)
        lines.writerow("学校名称,学校类型,主管部门,市直,统一社会信用代码,行政区划代码,镇街,食堂名称,食品经营许可证编号,发证日期,有效期至,"
                       "用餐人数,供餐方式,供餐单位许可证编号,操作区域".split(","))
        views.writerow("食品经营许可证编号,摄像头名称,区域,国标编码,启用日期".split(","))
        for number in range(canteens):
            division = divisions[number % len(divisions)]
            town = DIVISIONS[division][number // len(divisions) % 2]
            school, number_of_licence = f"{NAMES[division]}{town}示例第{number + 1}小学", licence(division, 100_000 + number)
            lines.writerow([school, "小学", "教育", "否", credit_code(division, number), division, town, "第一食堂",
                            number_of_licence, "2024-03-18", "2029-03-17", 300 + number % 700, "自营", "", "、".join(ZONES)])
            for view in range(number * cameras // canteens, (number + 1) * cameras // canteens):
                zone = ZONES[view % len(ZONES)]
                views.writerow([number_of_licence, f"{school}-第一食堂-{zone}-{view:06d}", zone,
                                f"{division}00111327{view + 100_000:06d}", "2024-04-01"])
    return folder / "roster.csv", folder / "cameras.csv"


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
