import type { LocalisedText, RiskTier } from '../shared/vocabulary.ts';
import type { KindOfHelp, Skill } from './community-types.ts';

/**
 * What the set-up page starts with; the centre changes it as it likes. Ids are the icon names of the sprite without
 * `kind-`. Tiers: 0 at the door or by phone, 1 in the home for a short time, 2 alone with a person who depends on it,
 * 3 children and health. The Uyghur words come from docs/data/words.tsv; those marked there C or D wait for a native
 * reader.
 */
export const DEFAULT_KINDS: readonly KindOfHelp[] = [
  kind('shopping', 0, 40, {
    name: { 'zh-CN': '代买东西', ug: 'مال سېتىۋېلىش', en: 'Shopping' },
    hint: { 'zh-CN': '买菜、买药', ug: 'يېمەكلىك ۋە دورا سېتىۋېلىش', en: 'Food, medicine' },
  }),
  kind('doctor', 2, 120, {
    name: { 'zh-CN': '陪诊', ug: 'دوختۇرخانىغا ھەمراھ بولۇش', en: 'Going to the doctor' },
    hint: { 'zh-CN': '陪老人去医院', ug: 'دوختۇرخانىغا بىللە بېرىش', en: 'Company on the way and there' },
  }),
  kind('repair', 1, 45, {
    name: { 'zh-CN': '维修', ug: 'رېمونت قىلىش', en: 'Repair' },
    hint: { 'zh-CN': '灯、水龙头、门锁', ug: 'توك، سۇ ۋە ئىشىك', en: 'Lamp, tap, lock' },
  }),
  kind('reading-forms', 0, 30, {
    name: { 'zh-CN': '代读、填表', ug: 'ئوقۇپ بېرىش، جەدۋەل تولدۇرۇش', en: 'Reading and forms' },
    hint: { 'zh-CN': '读信、填表格', ug: 'ھۆججەت ئوقۇش، جەدۋەل تولدۇرۇش', en: 'Letters, forms' },
  }),
  kind('phone-computer', 0, 30, {
    name: { 'zh-CN': '手机、电脑', ug: 'يانفون ۋە كومپيۇتېر', en: 'Phone and computer' },
    hint: { 'zh-CN': '设置、微信', ug: 'تەڭشەكلەر، ۋېيشىن', en: 'Settings, WeChat' },
  }),
  kind('cooking', 1, 60, {
    name: { 'zh-CN': '做饭', ug: 'تاماق ئېتىش', en: 'Cooking' },
    hint: { 'zh-CN': '做一顿饭', ug: 'بىر ۋاخ تاماق', en: 'A meal' },
  }),
  kind('carrying', 0, 30, {
    name: { 'zh-CN': '搬东西', ug: 'يۈك توشۇش', en: 'Carrying things' },
    hint: { 'zh-CN': '上楼、搬重物', ug: 'ئېغىر يۈك، قەۋەت', en: 'Heavy things, stairs' },
  }),
  kind('visit', 1, 45, {
    name: { 'zh-CN': '探望', ug: 'يوقلاش', en: 'A visit' },
    hint: { 'zh-CN': '陪老人聊聊', ug: 'ياشانغانلارنى يوقلاش', en: 'Company and a talk' },
  }),
  kind('child-care', 3, 120, {
    name: { 'zh-CN': '照看孩子', ug: 'بالا بېقىش', en: 'Child care' },
    hint: { 'zh-CN': '临时照看', ug: 'قىسقا ۋاقىت بالا بېقىش', en: 'For a short time' },
  }),
  kind('tutoring', 2, 60, {
    name: { 'zh-CN': '辅导功课', ug: 'دەرس تولۇقلاش', en: 'Tutoring' },
    hint: { 'zh-CN': '作业、语言', ug: 'تاپشۇرۇق، تىل ئۆگىنىش', en: 'Homework, languages' },
  }),
  kind('ride', 2, 60, {
    name: { 'zh-CN': '搭车', ug: 'ماشىنىغا ئېلىۋېلىش', en: 'A ride' },
    hint: { 'zh-CN': '开车接送', ug: 'ماشىنا بىلەن ئاپىرىش', en: 'There and back by car' },
  }),
  kind('interpreter', 1, 60, {
    name: { 'zh-CN': '口译', ug: 'تەرجىمان', en: 'Interpreting' },
    hint: { 'zh-CN': '帮忙翻译', ug: 'تەرجىمە قىلىش', en: 'Between two languages' },
  }),
  kind('something-else', 1, 45, {
    name: { 'zh-CN': '其他', ug: 'باشقا', en: 'Something else' },
    hint: { 'zh-CN': '写下您需要什么', ug: 'ئېھتىياجىڭىزنى يېزىڭ', en: 'Write what you need' },
    needsReview: true,
    skills: [],
  }),
];

/** One skill for each kind, under the same id; the centre checks those that touch health, children and electricity. */
export const DEFAULT_SKILLS: readonly Skill[] = [
  ...DEFAULT_KINDS.map(({ id, name, tier }) => ({ id, name, mustBeVerified: tier >= 2 || id === 'repair' })),
  {
    id: 'electricity',
    name: { 'zh-CN': '电工', ug: 'توكچى', en: 'Electrician' },
    mustBeVerified: true,
  },
  {
    id: 'plumbing',
    name: { 'zh-CN': '水暖工', ug: 'تۇرۇبا ئىشچىسى', en: 'Plumber' },
    mustBeVerified: true,
  },
  {
    id: 'nursing',
    name: { 'zh-CN': '护理', ug: 'بىمارنى كۈتۈش', en: 'Care for a patient' },
    mustBeVerified: true,
  },
  { id: 'haircut', name: { 'zh-CN': '理发', ug: 'چاچ ياساش', en: 'Haircut' }, mustBeVerified: false },
];

interface KindWords {
  readonly name: LocalisedText;
  readonly hint: LocalisedText;
  readonly needsReview?: boolean;
  readonly skills?: readonly string[];
}

function kind(id: string, tier: RiskTier, usualMinutes: number, words: KindWords): KindOfHelp {
  return {
    id,
    icon: id,
    name: words.name,
    hint: words.hint,
    tier,
    needsReview: words.needsReview ?? tier >= 2,
    defaultSkillIds: words.skills ?? [id],
    usualMinutes,
  };
}
