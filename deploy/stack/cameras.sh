# Demo cameras: one ffmpeg each, writing live HLS with a burned-in clock and name, and recorded segments.

# camera_list: "GB-id TAB name" of every demo camera, from deploy/demo/live-cameras.tsv.
camera_list() { grep -v '^#' deploy/demo/live-cameras.tsv; }

cjk_font() { fc-match -f '%{file}' 'Noto Sans CJK SC'; }

start_cameras() {
    local font gb name number=0
    font=$(cjk_font)
    while IFS=$'\t' read -r gb name; do
        number=$((number + 1))
        start_camera "$number" "$gb" "$name" "$font"
    done < <(camera_list)
    say "$number demo cameras are filming"
}

# start_camera NUMBER GB-ID NAME FONT
start_camera() {
    local number=$1 gb=$2 font=$4 live=$LIVE/$2 recordings=$RECORDINGS/$2 tint
    mkdir -p "$live" "$recordings"
    # The text comes from a file: names contain characters that a filter expression would interpret.
    printf '%s' "$3" >"$live/name.txt"
    # A drawn kitchen: tiled wall, counter, hob, and a cook in white who walks, so that one sees that the picture lives.
    tint=$(printf '0x%02X%02XDB' $((214 + number * 7 % 30)) $((220 + number * 5 % 20)))
    # 10 frames a second and a key frame every 2 s: so long is a segment.
    local picture="color=c=$tint:s=640x360:r=10,
drawgrid=w=40:h=40:t=1:c=0xBDB8AC@0.6,
drawbox=x=0:y=236:w=640:h=124:c=0x8B9299:t=fill,drawbox=x=0:y=230:w=640:h=10:c=0xC9CED2:t=fill,
drawbox=x=60:y=176:w=110:h=54:c=0x5E6870:t=fill,drawbox=x=78:y=160:w=74:h=18:c=0xAEB6BC:t=fill,
drawbox=x=430:y=120:w=150:h=110:c=0xDDE1E4:t=fill,drawbox=x=504:y=120:w=2:h=110:c=0x8B9299:t=fill[room];
color=c=0xF7F7F5:s=44x84:r=10,drawbox=x=0:y=0:w=44:h=18:c=0xFFFFFF:t=fill,
drawbox=x=8:y=18:w=28:h=20:c=0xE3B58F:t=fill,drawbox=x=8:y=30:w=28:h=8:c=0x9CC3DD:t=fill[cook];
[room][cook]overlay=x='280+150*sin(t/3+$number)':y='152+3*sin(t*4)':shortest=1,
drawbox=x=0:y=0:w=iw:h=56:color=black@0.55:t=fill,
drawtext=fontfile=$font:textfile=$live/name.txt:x=14:y=8:fontsize=20:fontcolor=white,
drawtext=fontfile=$font:text='%{localtime\\:%Y-%m-%d %H\\\\\\:%M\\\\\\:%S}':x=14:y=32:fontsize=18:fontcolor=white"
    start "camera-$gb" env TZ=Asia/Shanghai ffmpeg -hide_banner -loglevel warning -nostdin -re \
        -f lavfi -i "${picture//$'\n'/}" \
        -c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -profile:v baseline -g 20 -keyint_min 20 \
        -sc_threshold 0 -b:v 400k -threads 1 -map 0:v -flags +global_header -f tee \
        "[f=hls:hls_time=2:hls_list_size=6:hls_delete_threshold=6:hls_flags=delete_segments+program_date_time+independent_segments+temp_file:hls_segment_filename=$live/seg-%06d.ts]$live/index.m3u8|[f=hls:hls_time=10:hls_list_size=0:strftime=1:strftime_mkdir=1:hls_flags=program_date_time+append_list:hls_segment_filename=$recordings/%Y-%m-%d/%H-%M-%S.ts]$recordings/index.m3u8"
}

wait_for_cameras() {
    local gb name
    while IFS=$'\t' read -r gb name; do
        wait_for 30 "camera $name" test -s "$LIVE/$gb/index.m3u8"
    done < <(camera_list)
}
