/** A text of the report in the three languages of the house. */
export interface Words {
  readonly en: string;
  readonly zh: string;
  readonly ug: string;
}

export const REPORT_WORDS = {
  title: {
    en: 'Ways of asking helpers, compared',
    zh: '邀请志愿者的几种方式比较',
    ug: 'پىدائىيلارغا خەۋەر قىلىش ئۇسۇللىرىنى سېلىشتۇرۇش',
  },
  differences: {
    en: 'Differences, with 95 % intervals',
    zh: '差异（95% 置信区间）',
    ug: 'پەرقلەر (95% ئارىلىق)',
  },
  paired: {
    en: 'The same neighbourhoods under two ways. Coloured when the interval is clear of zero.',
    zh: '同样的小区、两种方式。区间不含零时以颜色标出。',
    ug: 'ئوخشاش ئولتۇراق رايونلار، ئىككى خىل ئۇسۇل. ئارىلىقتا نۆل بولمىسا رەڭ بىلەن كۆرسىتىلىدۇ.',
  },
  compared: { en: 'Compared with', zh: '对照', ug: 'سېلىشتۇرۇلغىنى' },
  higher: { en: 'higher is better', zh: '越高越好', ug: 'قانچە يۇقىرى بولسا شۇنچە ياخشى' },
  lower: { en: 'lower is better', zh: '越低越好', ug: 'قانچە تۆۋەن بولسا شۇنچە ياخشى' },
} as const satisfies Readonly<Record<string, Words>>;

/** Names of the ways of asking, by the name of the policy. */
export const POLICY_WORDS: Readonly<Record<string, Words>> = {
  'nearest-first broadcast': {
    en: 'the nearest 20 at once',
    zh: '同时通知最近的 20 人',
    ug: 'ئەڭ يېقىن 20 كىشى بىراقلا',
  },
  'notify all': { en: 'everybody at once', zh: '同时通知所有人', ug: 'ھەممە كىشى بىراقلا' },
  'nearest, waves of 3': {
    en: 'the nearest, three at a time',
    zh: '由近到远，每次 3 人',
    ug: 'يېقىنىدىن باشلاپ، ھەر قېتىم 3 كىشى',
  },
  'SN (one sparse wave)': {
    en: 'once, as few as needed (SN)',
    zh: '只通知一次，人数够用即可（SN）',
    ug: 'بىر قېتىم، يېتەرلىك كىشى (SN)',
  },
  ours: { en: 'ours', zh: '邻里', ug: 'قوشنا' },
  'ours + batch': { en: 'ours, with gathering', zh: '邻里（合并匹配）', ug: 'قوشنا (توپلاپ ماسلاشتۇرۇش)' },
};

/** What the world of the report was. */
export function aboutWords(
  seeds: number,
  size: { readonly helpers: number; readonly days: number; readonly requestsPerDay: number },
  bound: number,
): Words {
  const most = (100 * bound).toFixed(1);
  return {
    en: `${seeds} simulated neighbourhoods of ${size.helpers} helpers, ${size.days} days, about ${size.requestsPerDay} requests a day. If everybody were known in advance, ${most} % of the places could be filled at most.`,
    zh: `模拟 ${seeds} 个小区，每个 ${size.helpers} 名志愿者、${size.days} 天、每天约 ${size.requestsPerDay} 条求助。即使事先知道一切，最多也只能满足 ${most}% 的名额。`,
    ug: `${seeds} تەقلىدىي ئولتۇراق رايون: ھەر بىرىدە ${size.helpers} پىدائىي، ${size.days} كۈن، كۈنىگە تەخمىنەن ${size.requestsPerDay} ئىلتىماس. ھەممىسى ئالدىن بىلىنسىمۇ، كۆپ بولغاندا ${most}% ئورۇن تولىدۇ.`,
  };
}
