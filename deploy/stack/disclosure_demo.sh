# Disclosure items of two demo schools, through the real interface: what school staff and officers would enter.

# publish_item TOKEN CANTEEN CATEGORY CONTENT_JSON
publish_item() {
    jq -n --arg canteen "$2" --arg category "$3" --argjson content "$4" \
        '{canteen_id: $canteen, category: $category, content: $content, then: "publish"}' \
        | curl -fsS -o /dev/null -H "Authorization: Bearer $1" -H 'Content-Type: application/json' --data-binary @- \
            "http://127.0.0.1:$PORT/disclosure/api/items" || fail "demo item $3 was refused"
}

# publish_menu TOKEN CANTEEN DAY
publish_menu() {
    curl -fsS -o /dev/null -H "Authorization: Bearer $1" --data-urlencode "day=$3" \
        --data-urlencode "breakfast=瘦肉粥、馒头、鸡蛋" --data-urlencode "lunch=清蒸鱼、番茄炒蛋、清炒菜心、米饭" \
        --data-urlencode "dinner=红烧鸡块、冬瓜汤、米饭" "http://127.0.0.1:$PORT/disclosure/desk/canteens/$2/menu" \
        || fail "the demo menu was refused"
}

# canteen_of SCHOOL: id of its canteen on the portal, once the registry's events have arrived.
canteen_of() {
    curl -fsS -G --data-urlencode "q=$1" "http://127.0.0.1:$PORT/disclosure/v1/canteens" | jq -r '.items[0].canteen_id // empty'
}

# disclose_canteen SCHOOL PRINCIPAL_LOGIN OFFICER_LOGIN STATION_NAME
disclose_canteen() {
    local canteen school officer today year month
    wait_for 60 "$1 on the portal" sh -c "curl -fsS -G --data-urlencode 'q=$1' 'http://127.0.0.1:$PORT/disclosure/v1/canteens' | jq -e '.total >= 1'"
    canteen=$(canteen_of "$1")
    school=$(sign_in "$2")
    officer=$(sign_in "$3")
    today=$(TZ=Asia/Shanghai date +%F)
    month=${today%-*}
    year=$(TZ=Asia/Shanghai date -d '-2 months' +%Y-%m)
    publish_item "$officer" "$canteen" D2 "{\"dynamic_grade\": \"good\", \"annual_grade\": \"A\", \"score\": 88, \"assessed_on\": \"$year-10\", \"organ\": \"鹤山市市场监督管理局\"}"
    publish_item "$school" "$canteen" D3 "{\"statement\": \"我校严格遵守食品安全法律法规，落实食品安全校长负责制，主动公示、接受家长和社会监督。\", \"signer\": \"示例校长\", \"post\": \"校长\", \"signed_on\": \"$today\"}"
    publish_item "$school" "$canteen" D4 "{\"name\": \"黄示例\", \"post\": \"director\", \"qualification\": \"省级食品安全总监考核合格\", \"examined_on\": \"$year-15\"}"
    publish_item "$school" "$canteen" D4 "{\"name\": \"林示例\", \"post\": \"officer\", \"qualification\": \"年度培训 40 学时，考核合格\", \"examined_on\": \"$year-16\"}"
    local name post number=0
    for name in 陈示例 何示例 梁示例; do
        number=$((number + 1))
        case $number in 1) post=厨师长 ;; 2) post=切配 ;; *) post=备餐 ;; esac
        publish_item "$school" "$canteen" D5 "{\"name\": \"$name\", \"post\": \"$post\", \"issued_on\": \"$(TZ=Asia/Shanghai date -d "-$((number * 100)) days" +%F)\", \"valid_to\": \"$(TZ=Asia/Shanghai date -d "-$((number * 100)) days +364 days" +%F)\"}"
    done
    publish_item "$school" "$canteen" D6 "{\"name\": \"碳酸氢钠（小苏打）\", \"purpose\": \"馒头、包子\", \"limit\": \"20\", \"amount\": \"2\", \"keeper\": \"林示例\", \"month\": \"$month\"}"
    publish_item "$school" "$canteen" D7 "{\"supplier\": \"示例粮油有限公司\", \"item\": \"大米\", \"batch\": \"${today//-/}A\", \"received_on\": \"$today\", \"keep_by\": \"$(TZ=Asia/Shanghai date -d '+180 days' +%F)\", \"quantity\": \"500 kg\", \"ticket_numbers\": \"送货单 0231、检验合格证 1187\"}"
    publish_item "$school" "$canteen" D7 "{\"supplier\": \"示例肉联厂\", \"item\": \"冷鲜猪肉\", \"batch\": \"${today//-/}B\", \"received_on\": \"$today\", \"quantity\": \"80 kg\", \"ticket_numbers\": \"动物检疫合格证明 5520、肉品品质检验合格证 5521\"}"
    publish_item "$officer" "$canteen" D8 "{\"inspected_on\": \"$year-20\", \"organ\": \"$4\", \"result\": \"put_right\", \"result_on\": \"$year-22\", \"items\": \"抽查进货票证、餐具消毒和留样；1 份留样标签缺失，已当场补齐。\"}"
    publish_item "$school" "$canteen" D9 "{\"period\": \"daily\", \"date\": \"$today\", \"found\": \"no\", \"checker\": \"林示例\"}"
    publish_menu "$school" "$canteen" "$today"
    say "$1: nine categories and today's menu are public"
}

disclose_demo_canteens() {
    disclose_canteen 鹤山市雅瑶镇示例初级中学 yayao.principal heshan.msa 鹤山市市场监督管理局沙坪监管所
}
