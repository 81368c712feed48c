/**
 * A small palette, written by hand, so that there is nothing to load. Each is one RGI emoji (TEXT-1), with the words
 * that find it.
 */
export interface Emoji {
  readonly emoji: string;
  readonly name: string;
}

const GROUPS: Readonly<Record<string, string>> = {
  Smileys:
    '😀 grin,😄 smile happy,😂 tears of joy laugh,🤣 rolling laugh,🙂 slight smile,😉 wink,😊 blush,😍 heart eyes love,😘 kiss,😎 cool sunglasses,🤔 thinking,😐 neutral,🙄 eye roll,😏 smirk,😴 sleeping,😕 confused,😢 cry sad,😭 sob,😤 huff,😡 angry,😱 scream,😳 flushed,🤯 mind blown,🥳 party,🤗 hug,🤫 shush,🫡 salute,🫠 melting,🤖 robot,👻 ghost',
  Hands:
    '👍 thumbs up yes,👎 thumbs down no,👌 ok,✌️ victory peace,🤞 fingers crossed,👏 clap,🙌 raised hands hooray,🙏 thanks please,💪 strong,👋 wave hello,🤝 handshake deal,✍️ writing,👀 eyes look,🫶 heart hands',
  Hearts:
    '❤️ red heart love,🧡 orange heart,💛 yellow heart,💚 green heart,💙 blue heart,💜 purple heart,🖤 black heart,💔 broken heart,✨ sparkles,🔥 fire,⭐ star,💯 hundred',
  Things:
    '🎉 tada party,🎂 cake birthday,🎁 gift,🚀 rocket ship,💡 idea,📌 pin,📎 clip,📝 memo,📅 calendar,⏰ alarm,☕ coffee,🍕 pizza,🍺 beer,🌱 plant,🐛 bug,🔧 wrench fix,🔒 lock,🔍 search,💻 laptop,📦 package',
  Signs:
    '✅ check done,❌ cross no,⚠️ warning,❓ question,❗ exclamation,➕ plus one,🔄 again,🟢 green,🟡 yellow,🔴 red,♻️ recycle,🏁 finish',
};

export const EMOJI_GROUPS: readonly { readonly title: string; readonly emoji: readonly Emoji[] }[] = Object.entries(
  GROUPS,
).map(([title, list]) => ({
  title,
  emoji: list.split(',').map((entry) => {
    const space = entry.indexOf(' ');
    return { emoji: entry.slice(0, space), name: entry.slice(space + 1) };
  }),
}));

/** The emoji that are offered beside a message. */
export const QUICK_REACTIONS: readonly string[] = ['👍', '❤️', '😂', '🎉', '👀'];

const ONLY_EMOJI = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;

/** Whether a text is up to three emoji and nothing else: those are shown large. */
export function isOnlyEmoji(text: string): boolean {
  return text.length <= 64 && ONLY_EMOJI.test(text);
}
