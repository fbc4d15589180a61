"""The emoji names that people and apps use most, as characters; any other name is shown as it was typed."""

_NAMES = """
    +1:👍 thumbsup:👍 -1:👎 thumbsdown:👎 clap:👏 raised_hands:🙌 tada:🎉 confetti_ball:🎊 sparkles:✨
    star:⭐ star2:🌟 heart:❤️ blue_heart:💙 green_heart:💚 yellow_heart:💛 purple_heart:💜
    orange_heart:🧡 fire:🔥 rocket:🚀 muscle:💪 pray:🙏 wave:👋 ok_hand:👌 v:✌️ point_right:👉
    point_left:👈 point_up:☝️ point_down:👇 eyes:👀 100:💯 boom:💥 smile:😄 smiley:😃 grinning:😀
    grin:😁 joy:😂 wink:😉 blush:😊 relaxed:☺️ slightly_smiling_face:🙂 heart_eyes:😍 thinking_face:🤔
    neutral_face:😐 sweat_smile:😅 sob:😭 cry:😢 hugging_face:🤗 sunglasses:😎 sleeping:😴 relieved:😌
    white_check_mark:✅ heavy_check_mark:✔️ ballot_box_with_check:☑️ x:❌ heavy_plus_sign:➕
    question:❓ exclamation:❗ warning:⚠️ information_source:ℹ️ no_entry:⛔ bell:🔔 no_bell:🔕
    hourglass:⌛ hourglass_flowing_sand:⏳ alarm_clock:⏰ clock9:🕘 calendar:📆 date:📅
    spiral_calendar_pad:🗓️ memo:📝 pencil:📝 pencil2:✏️ clipboard:📋 pushpin:📌 paperclip:📎 bulb:💡
    dart:🎯 trophy:🏆 medal:🏅 first_place_medal:🥇 seedling:🌱 herb:🌿 deciduous_tree:🌳 sunflower:🌻
    cherry_blossom:🌸 sunny:☀️ partly_sunny:⛅ cloud:☁️ umbrella:☔ rainbow:🌈 moon:🌔 zap:⚡
    snowflake:❄️ coffee:☕ tea:🍵 cake:🍰 birthday:🎂 running:🏃 walking:🚶 bicyclist:🚴 books:📚
    book:📖 computer:💻 phone:☎️ email:📧 inbox_tray:📥 outbox_tray:📤 chart_with_upwards_trend:📈
    bar_chart:📊 lock:🔒 unlock:🔓 key:🔑 gear:⚙️ wrench:🔧 hammer:🔨 link:🔗 mag:🔍 recycle:♻️
    arrow_right:➡️ arrow_left:⬅️ arrow_up:⬆️ arrow_down:⬇️ arrows_counterclockwise:🔄 repeat:🔁
    back:🔙 soon:🔜 new:🆕 large_green_circle:🟢 large_yellow_circle:🟡 red_circle:🔴
    large_blue_circle:🔵 white_circle:⚪ black_circle:⚫ large_green_square:🟩 white_large_square:⬜
    black_large_square:⬛ small_blue_diamond:🔹 small_orange_diamond:🔸 speech_balloon:💬
    thought_balloon:💭 handshake:🤝 busts_in_silhouette:👥 bust_in_silhouette:👤 wastebasket:🗑️
    door:🚪 double_vertical_bar:⏸️ pause_button:⏸️ arrow_forward:▶️
    black_right_pointing_triangle:▶️ stop_button:⏹️ leaves:🍃 beach_with_umbrella:🏖️ palm_tree:🌴
    airplane:✈️ house:🏠 family:👪 dancer:💃 bow:🙇 shrug:🤷 crossed_fingers:🤞
"""
EMOJI = {name: character for name, _, character in (pair.rpartition(":") for pair in _NAMES.split())}

PALETTE = ("+1", "tada", "clap", "heart", "raised_hands", "muscle", "eyes", "white_check_mark")
"""Offered first when someone reacts."""


def shown(name: str) -> str:
    return EMOJI.get(name.partition("::")[0], f":{name}:")
